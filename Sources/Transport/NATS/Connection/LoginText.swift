/// Texts of the CONNECT message.
enum LoginText {
    /// As it stands between the quotes of a JSON string. libnats 3.4.1 puts name, user, password and token there as they
    /// are: a quote would end the login, and a line break would begin another command.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{0}"..<" ":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
