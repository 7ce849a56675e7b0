import Testing

@testable import StripeSimulator

@Suite("The life of a payment intent")
struct StateMachineTests {
    typealias Machine = PaymentIntentStateMachine

    /// A machine in `status`, by way of legal steps.
    private static func machine(_ status: Machine.Status, capturesManually: Bool = false) throws -> Machine {
        var machine = Machine(capturesManually: capturesManually || status == .requiresCapture)
        let steps: [Machine.Step] =
            switch status {
            case .requiresPaymentMethod: []
            case .requiresConfirmation: [.attach]
            case .requiresAction: [.attach, .confirm(.actionRequired)]
            case .processing: [.attach, .confirm(.processing)]
            case .requiresCapture: [.attach, .confirm(.success)]
            case .succeeded: [.attach, .confirm(.success)]
            case .canceled: [.cancel]
            }
        for step in steps { try machine.apply(step) }
        #expect(machine.status == status)
        return machine
    }

    private static let allSteps: [Machine.Step] = [
        .attach, .capture, .cancel,
        .confirm(.success), .confirm(.failure), .confirm(.actionRequired), .confirm(.processing),
        .authenticate(.success), .authenticate(.failure), .authenticate(.processing), .authenticate(.actionRequired),
        .settle(.success), .settle(.failure), .settle(.actionRequired), .settle(.processing),
    ]

    private static let confirmations: [Machine.Step: Machine.Status] = [
        .confirm(.success): .succeeded, .confirm(.failure): .requiresPaymentMethod,
        .confirm(.actionRequired): .requiresAction, .confirm(.processing): .processing, .cancel: .canceled,
        .attach: .requiresConfirmation,
    ]

    private static let legal: [Machine.Status: [Machine.Step: Machine.Status]] = [
        .requiresPaymentMethod: confirmations,
        .requiresConfirmation: confirmations,
        .requiresAction: confirmations.merging([
            .authenticate(.success): .succeeded, .authenticate(.failure): .requiresPaymentMethod,
            .authenticate(.processing): .processing,
        ]) { $1 },
        .processing: [
            .settle(.success): .succeeded, .settle(.failure): .requiresPaymentMethod, .cancel: .canceled,
        ],
        .requiresCapture: [.capture: .succeeded, .cancel: .canceled],
        .succeeded: [:],
        .canceled: [:],
    ]

    @Test("takes the steps that Stripe allows in each status, and no other", arguments: Machine.Status.allCases)
    func steps(_ status: Machine.Status) throws {
        for step in Self.allSteps {
            var machine = try Self.machine(status)
            if let next = Self.legal[status]?[step] {
                try machine.apply(step)
                #expect(machine.status == next, "\(step)")
            } else {
                #expect(throws: Machine.IllegalStep(step: step, status: status)) { try machine.apply(step) }
                #expect(machine.status == status)
            }
        }
    }

    @Test("with manual capture, a success only reserves the money")
    func manual() throws {
        for step: Machine.Step in [.confirm(.success), .authenticate(.success)] {
            var machine = try Self.machine(.requiresAction, capturesManually: true)
            try machine.apply(step)
            #expect(machine.status == .requiresCapture)
        }
    }
}
