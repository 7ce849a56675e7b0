public import Worker

/// The worker that tells people what happened to their accounts, orders and payments: one mail for each event.
public enum Notifications {
    public static func worker(_ settings: NotificationsSettings) -> Worker {
        let delivery = MailDelivery(settings)
        let take: @Reactor @Sendable (ReceivedEvent, EventTransaction) async throws -> Void = { event, effects in
            try await Intake(effects: effects, delivery: delivery).take(event)
        }
        return Worker(
            "notifications",
            endpoints: [NotificationList.endpoint(), Timeline.endpoint("notifications.timeline", MailTimeline.query)],
            consumers: ["USER_EVENTS", "ORDER_EVENTS", "PAYMENT_EVENTS"].map { EventConsumer($0, take) },
            periodicTasks: [
                // Finds what a crash, a lost connection or a full disk left; what is committed now does not wait for it.
                PeriodicTask("deliver", every: .seconds(1)) { context in try await delivery.run(context) }
            ],
            calls: ["users.get"])
    }
}
