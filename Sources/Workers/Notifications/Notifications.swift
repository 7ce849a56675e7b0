public import Worker

/// The worker that tells people what happened to their accounts, orders and payments: one message for each event, recipient
/// and channel.
public enum Notifications {
    public static func worker(_ settings: NotificationsSettings) -> Worker {
        let key = UnsubscribeKey()
        let deliveries = Deliveries(settings.couriers, Preparation(settings, key))
        let nudge: @Reactor @Sendable (Context) -> Void = { deliveries.nudge($0) }
        let intake = Intake(templates: settings.templates, channels: settings.channels, staff: settings.staff)
        let take: @Reactor @Sendable (ReceivedEvent, EventTransaction) async throws -> Void = { event, effects in
            guard try await intake.take(event, effects) else { return }
            let context = effects.context
            effects.afterCommit { nudge(context) }
        }
        let digest = FailureDigest(intake: intake, period: settings.digestPeriod)
        return Worker(
            "notifications",
            endpoints: [
                NotificationList.endpoint, GetNotification.endpoint, ResendNotification.endpoint(nudge),
                PreferenceEndpoints.get, PreferenceEndpoints.set,
                Timeline.endpoint("notifications.timeline", MailTimeline.query),
            ] + Unsubscribe.endpoints(key),
            consumers: ["USER_EVENTS", "ORDER_EVENTS", "PAYMENT_EVENTS", "INVENTORY_EVENTS"].map {
                EventConsumer($0, take)
            },
            periodicTasks: deliveries.tasks + [digest.task(nudge)],
            calls: ["users.get", "users.secret"],
            settling: { await deliveries.settle(within: $0) })
    }
}
