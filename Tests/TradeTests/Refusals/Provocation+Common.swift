import Contracts
import JSON
import Schema

extension Provocation {
    /// The refusals that follow from the properties of an endpoint, such as its access; those that nobody can cause are left out.
    static func common(to endpoint: EndpointContract) -> [Provocation] {
        endpoint.errors.filter { !endpoint.ownErrors.contains($0) }.compactMap { common($0.type, to: endpoint) }
    }

    private static func common(_ problem: String, to endpoint: EndpointContract) -> Provocation? {
        let caller = endpoint.access == .internal || endpoint.access == .anyone ? nil : Market.staff
        let key = endpoint.idempotency == .required ? "fresh-\(endpoint.subject)-\(problem)" : nil
        let good = endpoint.request?.examples.first ?? .object(JSONObject())
        func refused(_ body: String, by actor: String? = caller, key: String? = key) -> Provocation {
            Provocation(endpoint.subject, problem, body, by: actor, key: key)
        }
        switch problem {
        case "malformed-json": return refused("{")
        case "validation":
            var object = good.object ?? JSONObject()
            object["nope"] = 1
            return refused(text(.object(object)))
        case "unauthenticated": return refused(text(good), by: "anonymous")
        case "forbidden" where endpoint.access == .staff: return refused(text(good), by: Market.customer())
        case "idempotency-key-missing": return refused(text(good), key: nil)
        case "idempotency-key-malformed": return refused(text(good), key: String(repeating: "k", count: 256))
        case "too-large": return refused("{\(String(repeating: " ", count: endpoint.bodyLimit))}")
        default: return nil
        }
    }

    private static func text(_ value: JSONValue) -> String { String(decoding: value.bytes, as: UTF8.self) }

    /// Why no request to a quiet fleet of these workers is refused like this; nil when one can be.
    static func isBeyondReach(_ problem: String, at endpoint: EndpointContract) -> String? {
        switch problem {
        case "rate-limited": "the ingress says it before a worker hears of the request"
        case "internal": "a fault of ours"
        case "overloaded": "takes more requests at a time than a test should make; shown in WorkerTests"
        case "unavailable": "takes a server that is away; shown where whole fleets lose theirs"
        case "deadline-exceeded": "whoever asks says it to himself: late requests are dropped unanswered"
        case "idempotency-in-flight": "takes two requests at the same moment; shown in OrdersTests and WorkerTests"
        case "forbidden" where endpoint.access == .internal: "the broker keeps others from asking"
        case "forbidden" where endpoint.access == .customer && endpoint.subject != "orders.create":
            "whoever has a token may ask; what is not his is not found"
        case "illegal-transition" where endpoint.subject == "inventory.release":
            "stock that is held or sold can be given back, and what was given back stays so"
        default: nil
        }
    }
}
