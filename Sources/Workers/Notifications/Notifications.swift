public import Worker

/// The worker that tells people what happened to their accounts, orders and payments: one message for each event, recipient
/// and channel.
public enum Notifications {
    public static func worker(_ settings: NotificationsSettings) -> Worker {
        let deliveries = Deliveries(settings.couriers, Preparation(settings))
        let intake = Intake(templates: settings.templates, channels: settings.channels, staff: settings.staff)
        let take: @Reactor @Sendable (ReceivedEvent, EventTransaction) async throws -> Void = { event, effects in
            guard try await intake.take(event, effects) else { return }
            let context = effects.context
            effects.afterCommit { deliveries.nudge(context) }
        }
        return Worker(
            "notifications",
            endpoints: [NotificationList.endpoint(), Timeline.endpoint("notifications.timeline", MailTimeline.query)],
            consumers: ["USER_EVENTS", "ORDER_EVENTS", "PAYMENT_EVENTS"].map { EventConsumer($0, take) },
            periodicTasks: deliveries.tasks,
            calls: ["users.get"],
            settling: { await deliveries.settle(within: $0) })
    }
}
