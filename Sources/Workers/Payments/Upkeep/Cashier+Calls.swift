import FoundationEssentials
import Stripe
import Worker

extension Cashier {
    /// Makes a call to Stripe and notes it: with the report when there is one, in a row of its own when there is none.
    func noting<Report: ProviderReport>(
        _ name: ProviderCall.Name, of paymentId: UUID, refund refundId: UUID? = nil, _ context: Context,
        _ call: @Reactor () async throws -> Report?
    ) async throws -> Report? {
        let beganAt = Timestamp.now()
        func done(_ outcome: String) -> ProviderCall {
            ProviderCall(name: name, beganAt: beganAt, endedAt: .now(), outcome: outcome, refundId: refundId)
        }
        do {
            guard var report = try await call() else {
                await note(done("nothing"), of: paymentId, context)
                return nil
            }
            report.call = done(report.word)
            return report
        } catch let error as StripeError {
            await note(done(error.label), of: paymentId, context)
            throw error
        }
    }

    private func note(_ call: ProviderCall, of paymentId: UUID, _ context: Context) async {
        do {
            _ = try await context.database.query(
                call.insertion(of: paymentId, trace: context.trace), deadline: context.deadline.instant)
        } catch {
            // It is for people who look at an order; what the call was for goes on.
            context.logger.notice("call to Stripe not noted", metadata: ["error": "\(error)"])
        }
    }
}
