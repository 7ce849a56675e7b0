import Worker

/// The deliveries of all channels: each goes on by itself, so that a slow one holds up no other.
@Reactor
final class Deliveries {
    private let channels: [(name: Channel, delivery: ChannelDelivery)]

    nonisolated init(_ couriers: [any Courier], _ preparation: Preparation) {
        channels = couriers.map { ($0.channel, ChannelDelivery($0, preparation)) }
    }

    func nudge(_ context: Context) {
        for channel in channels { channel.delivery.nudge(context) }
    }

    func settle(within limit: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            for (_, delivery) in channels { group.addTask { await delivery.settle(within: limit) } }
        }
    }

    /// Finds what a crash, a lost connection or a full disk left; what is committed now does not wait for it.
    nonisolated var tasks: [PeriodicTask] {
        channels.map { channel in
            PeriodicTask("deliver \(channel.name.rawValue)", every: .seconds(1)) { try await channel.delivery.run($0) }
        }
    }
}
