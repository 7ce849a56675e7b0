import Contracts
import Foundation
import JSON
import Schema
import Testing

@Suite("the shipped contracts")
struct ShippedContractsTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../subjects")
        .standardized.path

    private let set: ContractSet

    init() throws {
        set = try ContractSet.load(directory: Self.folder)
    }

    @Test("there are five and they fit together")
    func names() {
        #expect(set.contracts.map(\.name) == ["inventory", "notifications", "orders", "payments", "users"])
        #expect(set.contracts.allSatisfy { $0.version == "1.0.0" && !$0.description.isEmpty })
    }

    @Test(
        "each subject has its route, caller and status",
        arguments: [
            ("users.register", "POST /users/register", .anyone, 201),
            ("users.login", "POST /users/login", .anyone, 200),
            ("users.get", "GET /users/{id}", .customer, 200), ("users.update", "PUT /users/{id}", .customer, 200),
            ("users.refresh", "POST /users/refresh", .anyone, 200),
            ("users.logout", "POST /users/logout", .anyone, 200),
            ("users.sessions.list", "GET /users/{id}/sessions", .customer, 200),
            ("users.sessions.revoke", "DELETE /users/{id}/sessions/{sessionId}", .customer, 200),
            ("users.sessions.clear", "DELETE /users/{id}/sessions", .customer, 200),
            ("users.verify", "POST /users/verify", .anyone, 200),
            ("users.verify.request", "POST /users/verify/request", .anyone, 202),
            ("users.password.reset", "POST /users/password/reset", .anyone, 202),
            ("users.password.confirm", "POST /users/password/confirm", .anyone, 200),
            ("users.password.change", "PUT /users/{id}/password", .customer, 200),
            ("users.profile.get", "GET /users/{id}/profile", .customer, 200),
            ("users.profile.update", "PUT /users/{id}/profile", .customer, 200),
            ("users.list", "GET /users", .staff, 200), ("users.suspend", "POST /users/{id}/suspend", .staff, 200),
            ("users.reinstate", "POST /users/{id}/reinstate", .staff, 200),
            ("users.staff.grant", "PUT /users/{id}/staff", .staff, 200),
            ("users.staff.revoke", "DELETE /users/{id}/staff", .staff, 200), ("users.secret", nil, .internal, 200),
            ("users.keys", nil, .internal, 200),
            ("orders.create", "POST /orders", .customer, 201), ("orders.get", "GET /orders/{id}", .customer, 200),
            ("orders.status", "PATCH /orders/{id}/status", .staff, 200),
            ("orders.cancel", "POST /orders/{id}/cancel", .customer, 200),
            ("orders.list", "GET /orders", .customer, 200), ("orders.search", "GET /orders/search", .staff, 200),
            ("orders.address", "PATCH /orders/{id}/address", .customer, 200),
            ("orders.history", "GET /orders/{id}/history", .customer, 200),
            ("orders.saga", "GET /orders/{id}/saga", .staff, 200),
            ("orders.timeline", "GET /orders/{id}/timeline", .staff, 200),
            ("inventory.timeline", nil, .internal, 200), ("payments.timeline", nil, .internal, 200),
            ("notifications.timeline", nil, .internal, 200),
            ("inventory.products.list", "GET /products", .anyone, 200),
            ("inventory.products.get", "GET /products/{id}", .anyone, 200),
            ("inventory.products.create", "POST /products", .staff, 201),
            ("inventory.products.import", nil, .internal, 200),
            ("inventory.products.restock", "POST /products/{id}/restock", .staff, 200),
            ("inventory.products.update", "PATCH /products/{id}", .staff, 200),
            ("inventory.products.adjust", "POST /products/{id}/adjustments", .staff, 200),
            ("inventory.products.ledger", "GET /products/{id}/ledger", .staff, 200),
            ("inventory.stock.check", nil, .internal, 200),
            ("inventory.reserve", nil, .internal, 200),
            ("inventory.release", nil, .internal, 200), ("inventory.commit", nil, .internal, 200),
            ("payments.create", "POST /payments", .customer, 200),
            ("payments.get", "GET /payments/{id}", .customer, 200),
            ("payments.list", "GET /payments", .customer, 200),
            ("payments.refund", "POST /payments/{id}/refunds", .staff, 201),
            ("payments.refunds", "GET /payments/{id}/refunds", .customer, 200),
            ("payments.void", nil, .internal, 200),
            ("payments.webhook", "POST /webhooks/stripe", .anyone, 200),
            ("notifications.list", "GET /notifications", .customer, 200),
            ("notifications.get", "GET /notifications/{id}", .customer, 200),
            ("notifications.resend", "POST /notifications/{id}/resend", .customer, 200),
            ("notifications.preferences.get", "GET /notifications/preferences", .customer, 200),
            ("notifications.preferences.set", "PUT /notifications/preferences", .customer, 200),
            ("notifications.unsubscribe", "POST /notifications/unsubscribe/{token}", .anyone, 200),
            ("notifications.unsubscribe.explain", "GET /notifications/unsubscribe/{token}", .anyone, 200),
        ] as [(String, String?, Access, Int)])
    func endpoints(_ subject: String, _ route: String?, _ access: Access, _ status: Int) throws {
        let endpoint = try #require(set.endpoint(subject: subject))
        #expect(endpoint.http?.description == route)
        #expect(endpoint.access == access)
        #expect(endpoint.successStatus == status)
        #expect(endpoint.worker == subject.split(separator: ".").first.map(String.init))
    }

    @Test("there are no other endpoints")
    func count() {
        #expect(set.contracts.flatMap(\.endpoints).count == 62)
    }

    @Test("names follow from subjects")
    func endpointNames() {
        #expect(set.endpoint(subject: "inventory.products.list")?.name == "products-list")
        #expect(set["orders"]?.endpoint(named: "create")?.subject == "orders.create")
        #expect(set["orders"]?.endpoint(named: "nothing") == nil)
        #expect(set["nobody"] == nil)
    }

    @Test(
        "the policies have the agreed numbers",
        arguments: [
            ("users", 100, 1000, 3, 2, 10, 5, 30), ("orders", 200, 2000, 2, 10, 30, 3, 60),
            ("payments", 50, 500, 1, 30, 60, 2, 120),
            ("inventory", 1000, 10_000, 2, 3, 10, 5, 30),
        ])
    func policies(
        _ worker: String, _ minute: Int, _ hour: Int, _ attempts: Int, _ perTry: Int, _ timeout: Int, _ errors: Int,
        _ openFor: Int
    ) throws {
        let policies = try #require(set[worker]?.policies)
        #expect(policies.rateLimit == RateLimit(perMinute: minute, perHour: hour))
        #expect(policies.retries == Retries(attempts: attempts, perTry: .seconds(perTry)))
        #expect(policies.timeout == .seconds(timeout))
        #expect(policies.breaker == Breaker(consecutiveErrors: errors, openFor: .seconds(openFor)))
    }

    @Test(
        "the streams have the agreed numbers",
        arguments: [
            (
                "USER_EVENTS", "user-events", "user", 3, 7,
                [
                    "USER_CREATED", "USER_LOGIN", "USER_UPDATED", "USER_VERIFICATION_REQUESTED", "USER_VERIFIED",
                    "USER_PASSWORD_RESET_REQUESTED", "USER_PASSWORD_CHANGED", "USER_SUSPENDED", "USER_REINSTATED",
                    "USER_ROLE_CHANGED", "USER_SESSIONS_REVOKED",
                ]
            ),
            (
                "ORDER_EVENTS", "order-events", "order", 6, 30,
                [
                    "ORDER_CREATED", "ORDER_STATUS_UPDATED", "ORDER_CANCELLED", "ORDER_ADDRESS_CHANGED",
                    "ORDER_PAYMENT_EXTENDED",
                ]
            ),
            (
                "PAYMENT_EVENTS", "payment-events", "order", 3, 90,
                [
                    "PAYMENT_CONFIRMED", "PAYMENT_FAILED", "PAYMENT_ACTION_REQUIRED", "PAYMENT_REFUNDED",
                    "PAYMENT_VOIDED",
                ]
            ),
            (
                "INVENTORY_EVENTS", "inventory-events", "reservation", 6, 7,
                [
                    "STOCK_RESERVED", "STOCK_RELEASED", "STOCK_COMMITTED", "LOW_STOCK", "OUT_OF_STOCK",
                    "BACK_IN_STOCK",
                ]
            ),
        ])
    func streams(
        _ name: String, _ prefix: String, _ aggregate: String, _ partitions: Int, _ days: Int, _ types: [String]
    ) throws {
        let stream = try #require(set.stream(named: name))
        #expect(stream.prefix == prefix)
        #expect(stream.aggregate == aggregate)
        #expect(stream.partitions == partitions)
        #expect(stream.retention == .seconds(days * 86_400))
        #expect(stream.duplicateWindow >= .seconds(600))
        #expect(stream.replicas == 3)
        #expect(stream.types.map(\.name) == types)
        #expect(stream.wildcard == "\(prefix).>")
    }

    @Test("workers say what they consume and call")
    func relations() {
        #expect(set.consumed(by: "orders").map(\.stream.name) == ["PAYMENT_EVENTS", "INVENTORY_EVENTS"])
        #expect(
            set.consumed(by: "notifications").map(\.stream.name)
                == ["USER_EVENTS", "ORDER_EVENTS", "PAYMENT_EVENTS", "INVENTORY_EVENTS"])
        #expect(set.consumed(by: "users").isEmpty)
        #expect(
            set["orders"]?.calls == [
                "inventory.reserve", "inventory.commit", "inventory.release", "payments.void", "inventory.timeline",
                "payments.timeline", "notifications.timeline",
            ])
        #expect(set["payments"]?.calls == ["orders.get"])
        #expect(set["inventory"]?.calls == ["orders.get"])
        #expect(set["notifications"]?.calls == ["users.get", "users.secret"])
        #expect(set["notifications"]?.stream == nil)
        #expect(set["orders"]?.consumes.first?.wants("PAYMENT_CONFIRMED") == true)
        #expect(set["orders"]?.consumes.first?.wants("PAYMENT_REFUNDED") == false)
    }

    @Test("the webhook's body and signature pass through, without a rate limit")
    func webhook() throws {
        let webhook = try #require(set.endpoint(subject: "payments.webhook"))
        #expect(webhook.rawBody)
        #expect(webhook.forwardedHeaders == ["Stripe-Signature"])
        #expect(webhook.rateLimit == nil)
        #expect(webhook.bodyLimit == 256 << 10)
        #expect(webhook.timeout == .seconds(15))
        #expect(!webhook.declares(problem: "validation"))
        #expect(!webhook.declares(problem: "rate-limited"))
    }

    @Test("an endpoint declares its own problems and those that follow from what it is")
    func problems() throws {
        let create = try #require(set.endpoint(subject: "orders.create"))
        for type in [
            "out-of-stock", "price-changed", "unknown-product", "validation", "malformed-json", "overloaded",
            "unauthenticated",
            "idempotency-key-reused", "idempotency-in-flight", "rate-limited",
        ] { #expect(create.declares(problem: type), "\(type)") }
        #expect(!create.declares(problem: "order-not-found"))
        #expect(!create.declares(problem: "idempotency-key-missing"))
        #expect(create.errors.first { $0.type == "out-of-stock" }?.status == 409)
        for endpoint in set.contracts.flatMap(\.endpoints) {
            #expect(Set(endpoint.errors.map(\.type)).count == endpoint.errors.count, "\(endpoint.subject)")
        }
    }

    @Test("only reads and what says so may be repeated without a key")
    func repeatable() {
        let repeatable = set.contracts.flatMap(\.endpoints).filter(\.isRepeatable).map(\.subject)
        #expect(repeatable.contains("orders.get"))
        #expect(repeatable.contains("inventory.reserve"))
        #expect(!repeatable.contains("orders.create"))
        #expect(!repeatable.contains("orders.cancel"))
    }

    @Test("query parameters come from the request's schema")
    func query() throws {
        let endpoint = try #require(set.endpoint(subject: "inventory.products.list"))
        let query = try #require(endpoint.http?.query)
        #expect(query.map(\.name) == ["limit", "after", "q"])
        #expect(query.map(\.kind) == [.integer, .string, .string])
        #expect(endpoint.request?.properties.first?.schema.defaultValue == 20)
    }

    @Test("every endpoint says what it takes and answers, with an example, and every event what it tells")
    func schemas() {
        for endpoint in set.contracts.flatMap(\.endpoints) {
            #expect(endpoint.rawBody || endpoint.request != nil, "\(endpoint.subject)")
            #expect(endpoint.reply != nil, "\(endpoint.subject)")
            if let request = endpoint.request, request.properties.contains(where: \.isRequired) {
                #expect(!request.examples.isEmpty, "\(endpoint.subject)")
            }
        }
        for type in set.contracts.compactMap(\.stream).flatMap(\.types) {
            #expect(type.payload?.properties.first?.name == "eventType", "\(type.name)")
            #expect(type.payload?.properties.last?.name == "timestamp", "\(type.name)")
        }
    }

    @Test("an order is held against its schema in a few microseconds")
    func validation() throws {
        let schema = try #require(set.endpoint(subject: "orders.create")?.request)
        let order = try #require(schema.examples.first)
        #expect(schema.validate(order) == nil)
        var best = Duration.seconds(10)
        for _ in 0..<20 {
            best = min(best, ContinuousClock().measure { for _ in 0..<100 { _ = schema.validate(order) } } / 100)
        }
        print("validating an order: \(best)")
        #if !DEBUG
            #expect(best < .microseconds(5))
        #endif
    }

    @Test("they load in a few milliseconds")
    func speed() throws {
        var best = Duration.seconds(10)
        for _ in 0..<5 {
            best = min(best, try ContinuousClock().measure { _ = try ContractSet.load(directory: Self.folder) })
        }
        print("loading the contracts: \(best)")
        #if !DEBUG
            #expect(best < .milliseconds(20))
        #endif
    }
}
