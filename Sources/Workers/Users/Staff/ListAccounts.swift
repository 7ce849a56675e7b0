import FoundationEssentials
import Worker

/// `users.list`: accounts for staff, the latest first, a page at a time; searched by how an address or a name begins.
enum ListAccounts {
    private struct Request: Sendable {
        let status: String?
        let role: TokenSigner.Role?
        let prefix: String?
        let after: UUID?
        let limit: Int64
    }

    private enum Status: String, CaseIterable {
        case active, suspended
    }

    static let endpoint = Endpoint("users.list") { fields in
        Request(
            status: fields.optionalChoice("status", of: Status.self)?.rawValue,
            role: fields.optionalChoice("role", of: TokenSigner.Role.self),
            prefix: fields.optionalString("q", length: 1...100), after: fields.optionalUUID("after"),
            limit: fields.optionalInteger("limit", in: 1...100) ?? 20)
    } _: { request, context in
        let rows = try await context.database.query(query(request), deadline: context.deadline.instant)
        let accounts = try rows.prefix(Int(request.limit)).map { try Account($0) }
        return .object { json in
            json.objects("users", accounts) { json, account in account.writeMembers(to: &json, forStaff: true) }
            json.fieldIfPresent("next", rows.count > accounts.count ? accounts.last?.id : nil)
        }
    }

    /// Each combination is a statement of its own, so that each has the plan that fits its index. One more row than the page
    /// has tells whether there is another page.
    private static func query(_ request: Request) -> Query {
        var conditions = ["u.account_status <> 'deleted'"]
        var parameters: [Parameter] = [.int(request.limit + 1)]
        func add(_ condition: String, _ parameter: Parameter) {
            parameters.append(parameter)
            conditions.append(condition.replacing("$?", with: "$\(parameters.count)"))
        }
        if let after = request.after { add("u.id < $?", .uuid(after)) }
        if let status = request.status { add("u.account_status = $?", .text(status)) }
        // No parameter: the index on staff holds them alone.
        if let role = request.role { conditions.append("u.role = '\(role.rawValue)'") }
        if let prefix = request.prefix {
            add(
                """
                u.id IN (SELECT id FROM users WHERE \(begins("email"))
                    UNION ALL SELECT id FROM users WHERE \(begins("(first_name || ' ' || last_name)"))
                    UNION ALL SELECT id FROM users WHERE \(begins("last_name")))
                """, .text(prefix))
        }
        return Query(
            Statement(
                "SELECT \(Account.columns) FROM users u WHERE \(conditions.joined(separator: " AND ")) "
                    + "ORDER BY u.id DESC LIMIT $1"),
            parameters: parameters)
    }

    /// Byte by byte, as the index is ordered; U+10FFFF is behind all that begins so. No character of the text is a wildcard.
    private static func begins(_ column: String) -> String {
        let collation = #"COLLATE "und-x-icu""#
        let (lowered, prefix) = ("lower(\(column) \(collation))", "lower($? \(collation))")
        return "\(lowered) ~>=~ \(prefix) AND \(lowered) ~<~ (\(prefix) || chr(1114111))"
    }
}
