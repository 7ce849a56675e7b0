/// The life of a payment intent: which step is allowed in which status, and where it leads.
///
/// ```
/// requires_payment_method -attach-> requires_confirmation -confirm-> requires_action -authenticate-> …
///      any confirmation ends in succeeded | requires_capture | requires_action | processing | requires_payment_method
/// requires_capture -capture-> succeeded         processing -settle-> succeeded | requires_payment_method
///      all but succeeded and canceled -cancel-> canceled
/// ```
/// Source: docs.stripe.com/payments/paymentintents/lifecycle.
package struct PaymentIntentStateMachine: Sendable, Hashable, Codable {
    package enum Status: String, Sendable, Codable, CaseIterable {
        case requiresPaymentMethod = "requires_payment_method"
        case requiresConfirmation = "requires_confirmation"
        case requiresAction = "requires_action"
        case processing
        case requiresCapture = "requires_capture"
        case canceled
        case succeeded
    }

    package enum Step: Sendable, Hashable {
        /// A payment method was named.
        case attach
        case confirm(Result)
        /// The customer finished, or failed, 3-D Secure; the result is that of the charge that follows.
        case authenticate(Result)
        /// A slow payment method reported.
        case settle(Result)
        case capture
        case cancel
    }

    package enum Result: Sendable, Hashable {
        case success
        case failure
        case actionRequired
        case processing
    }

    package struct IllegalStep: Error, Sendable, Hashable {
        package var step: Step
        package var status: Status
    }

    package private(set) var status: Status = .requiresPaymentMethod
    /// True when a success only reserves the money.
    package let capturesManually: Bool

    package init(capturesManually: Bool) {
        self.capturesManually = capturesManually
    }

    package mutating func apply(_ step: Step) throws(IllegalStep) {
        guard let next = next(step) else { throw IllegalStep(step: step, status: status) }
        status = next
    }

    private func next(_ step: Step) -> Status? {
        switch (status, step) {
        case (.succeeded, _), (.canceled, _): nil
        case (_, .cancel): .canceled
        case (.requiresPaymentMethod, .attach), (.requiresConfirmation, .attach), (.requiresAction, .attach):
            .requiresConfirmation
        // Confirming again while an action is open starts a new attempt.
        case (.requiresPaymentMethod, .confirm(let result)), (.requiresConfirmation, .confirm(let result)),
            (.requiresAction, .confirm(let result)):
            after(result)
        case (.requiresAction, .authenticate(let result)) where result != .actionRequired: after(result)
        case (.processing, .settle(.success)): .succeeded
        case (.processing, .settle(.failure)): .requiresPaymentMethod
        case (.requiresCapture, .capture): .succeeded
        default: nil
        }
    }

    private func after(_ result: Result) -> Status {
        switch result {
        case .success: capturesManually ? .requiresCapture : .succeeded
        case .failure: .requiresPaymentMethod
        case .actionRequired: .requiresAction
        case .processing: .processing
        }
    }
}
