import Schema

extension ContractFile {
    /// Sorts the members of the request into those of the path, of the query and of the body.
    ///
    /// - Parameter entry: the list under `query`; without it a GET or DELETE takes all that is not in the path.
    func readQuery(_ entry: Entry?, _ http: HTTPRoute, _ request: JSONSchema?, at endpoint: Entry) -> [QueryParameter] {
        let properties = request?.properties ?? []
        for name in http.parameters {
            guard let property = properties.first(where: { $0.name == name }) else {
                endpoint.fail("the path has the parameter \"\(name)\", which is no property of the request")
                continue
            }
            if !property.isRequired {
                endpoint.fail("the path parameter \"\(name)\" must be required in the request")
            }
            if property.schema.kind != .string {
                endpoint.fail("the path parameter \"\(name)\" must be a string")
            }
        }
        let others = properties.filter { !http.parameters.contains($0.name) }
        guard let entry else {
            guard http.method == .get || http.method == .delete else { return [] }
            return others.compactMap { parameter($0, endpoint) }
        }
        var known: Set<String> = []
        return (entry.list("a list of properties of the request") ?? []).compactMap { item in
            let property = item.read("one of the request's properties that are not in the path") { name in
                others.first { $0.name == name }
            }
            guard let property else { return nil }
            if !known.insert(property.name).inserted { item.fail("\(property.name) is listed twice") }
            return parameter(property, item)
        }
    }

    private func parameter(_ property: JSONSchema.Property, _ place: Entry) -> QueryParameter? {
        guard let kind = property.schema.kind, kind != .array, kind != .object else {
            place.fail(
                "\"\(property.name)\" cannot be a query parameter; expected a string, number, integer or boolean")
            return nil
        }
        return QueryParameter(name: property.name, kind: kind)
    }
}
