import Testing

@testable import Payments

@Suite("Payment state machine")
struct PaymentStateMachineTests {
    private typealias Move = PaymentStateMachine.Move

    /// Rows: where a payment stands. Columns: what a current report says, in the order of `Samples.standings`.
    private static let table: [(PaymentStatus, [Move])] = [
        (
            .pending,
            [
                .stay, .become(.processing), .become(.requiresAction), .become(.succeeded), .become(.failed),
                .become(.cancelled),
            ]
        ),
        (
            .requiresAction,
            [.stay, .become(.processing), .stay, .become(.succeeded), .become(.failed), .become(.cancelled)]
        ),
        (.processing, [.stay, .stay, .stay, .become(.succeeded), .become(.failed), .become(.cancelled)]),
        (.succeeded, [.stay, .stay, .stay, .stay, .stay, .stay]),
        (.failed, [.stay, .stay, .stay, .become(.succeeded), .stay, .stay]),
        (.cancelled, [.stay, .stay, .stay, .become(.succeeded), .stay, .stay]),
        (.refunded, [.stay, .stay, .stay, .stay, .stay, .stay]),
    ]

    @Test("every status answers every current report as the table says", arguments: PaymentStatus.allCases)
    func current(_ status: PaymentStatus) throws {
        let row = try #require(Self.table.first { $0.0 == status })
        for (standing, move) in zip(Samples.standings, row.1) {
            #expect(PaymentStateMachine(status: status).move(on: Samples.report(standing)) == move, "\(standing)")
        }
    }

    @Test("a webhook moves a payment like an answer does, but a failure that it tells is asked about first")
    func webhooks() throws {
        for (status, row) in Self.table {
            for (standing, move) in zip(Samples.standings, row) {
                let expected = move == .become(.failed) ? .ask : move
                let report = Samples.report(standing, isCurrent: false)
                #expect(PaymentStateMachine(status: status).move(on: report) == expected, "\(status) \(standing)")
            }
        }
    }

    @Test(
        "whatever comes in whatever order, money that was taken stays taken, and an outcome changes only into a success"
    )
    func noRegression() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            var status = PaymentStatus.pending
            for _ in 0..<12 {
                let standing = Samples.standings[Int.random(in: 0..<Samples.standings.count, using: &random)]
                guard case .become(let next) = PaymentStateMachine(status: status).move(on: Samples.report(standing))
                else { continue }
                #expect(Self.rank(next) > Self.rank(status), "\(status) became \(next)")
                status = next
            }
        }
    }

    @Test("once a success was reported, every order of the reports ends in it")
    func successWins() {
        let standings: [IntentReport.Standing] = [.requiresAction, .processing, .succeeded, .failed(Samples.decline)]
        for order in Self.permutations(standings) {
            var status = PaymentStatus.pending
            for standing in order {
                if case .become(let next) = PaymentStateMachine(status: status).move(on: Samples.report(standing)) {
                    status = next
                }
            }
            #expect(status == .succeeded, "\(order)")
        }
    }

    private static func rank(_ status: PaymentStatus) -> Int {
        switch status {
        case .pending: 0
        case .requiresAction: 1
        case .processing: 2
        case .failed, .cancelled: 3
        case .succeeded: 4
        case .refunded: 5
        }
    }

    private static func permutations<T>(_ items: [T]) -> [[T]] {
        guard items.count > 1 else { return [items] }
        return items.indices.flatMap { index in
            var rest = items
            let item = rest.remove(at: index)
            return permutations(rest).map { [item] + $0 }
        }
    }
}
