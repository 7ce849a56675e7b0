import Contracts
import Foundation
import Testing

@testable import Worker

@Suite("A caller")
struct CallerTests {
    private static let id = UUID()

    @Test("is internal only without a header; a malformed header is nobody")
    func header() {
        #expect(Caller(header: nil) == .internal)
        #expect(Caller(header: "anonymous") == .anonymous)
        #expect(Caller(header: "customer:\(Self.id.uuidString)") == .customer(Self.id))
        #expect(Caller(header: "staff:\(Self.id.uuidString)") == .staff(Self.id))
        for malformed in [
            "", "internal", "customer", "customer:", "customer:x", "root:\(Self.id)", "customer:\(Self.id) ",
        ] {
            #expect(Caller(header: malformed) == nil, "\(malformed)")
        }
    }

    @Test(
        "may do what its kind may",
        arguments: [
            (Access.anyone, true, true, true), (.customer, false, true, true), (.staff, false, false, true),
        ])
    func access(_ access: Access, anonymous: Bool, customer: Bool, staff: Bool) {
        #expect(Caller.anonymous.may(access) == anonymous)
        #expect(Caller.customer(Self.id).may(access) == customer)
        #expect(Caller.staff(Self.id).may(access) == staff)
        #expect(Caller.internal.may(access))
    }
}
