extension BrokerPermissions {
    /// Text for the configuration of nats-server (2.9 or later): one account with JetStream and its users. Whoever comes
    /// without a password is refused.
    public func configuration(passwords: Passwords) -> String {
        var lines = [
            "# Made from the contracts: what each user of the broker may do. Changes by hand are lost.",
            "# Clients use _INBOX_<user> as the prefix of their reply subjects.",
        ]
        if case .environment = passwords {
            lines += [
                "# Names with a dollar sign are environment variables of nats-server. It reads their values like text of",
                "# this file: put double quotes around a password.",
            ]
        }
        lines += ["", "accounts {", "    \(Self.account) {", "        jetstream: enabled", "        users: ["]
        for user in users { lines += block(user, passwords).map { "            \($0)" } }
        lines += ["        ]", "    }", "}"]
        return lines.joined(separator: "\n") + "\n"
    }

    private func block(_ user: BrokerUser, _ passwords: Passwords) -> [String] {
        var lines = ["{", "    user: \(Self.quoted(user.name))", "    password: \(password(of: user.name, passwords))"]
        if let permissions = user.permissions {
            lines.append("    permissions: {")
            lines += list("publish", permissions.publish)
            lines += list("subscribe", permissions.subscribe)
            if let limit = permissions.replyLimit {
                // Whole seconds, rounded up.
                let seconds = limit.components.seconds + (limit.components.attoseconds > 0 ? 1 : 0)
                lines.append("        allow_responses: { max: 1, expires: \"\(seconds)s\" }")
            }
            lines.append("    }")
        }
        return lines + ["}"]
    }

    private func list(_ name: String, _ subjects: [String]) -> [String] {
        var seen: Set<String> = []
        let distinct = subjects.filter { seen.insert($0).inserted }
        // An empty list would be no limit at all.
        guard !distinct.isEmpty else { return ["        \(name): { deny: [\">\"] }"] }
        return ["        \(name): { allow: ["] + distinct.map { "            \(Self.quoted($0))" } + ["        ] }"]
    }

    private func password(of user: String, _ passwords: Passwords) -> String {
        if case .given(let passwords) = passwords, let password = passwords[user] { return Self.quoted(password) }
        return "$\(Self.passwordVariable(of: user))"
    }

    /// As a string of the configuration language.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for character in text.unicodeScalars {
            switch character {
            case "\"", "\\": result += "\\\(character)"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default: result.unicodeScalars.append(character)
            }
        }
        return result + "\""
    }
}
