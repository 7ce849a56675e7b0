import Contracts
import Schema

/// What becomes of an endpoint that gets a route.
extension RouteAssembly {
    mutating func take(
        _ endpoint: EndpointContract, _ route: HTTPRoute, _ announced: AnnouncedEndpoint, _ instance: ServiceInstance,
        _ announcement: ServiceAnnouncement, _ service: inout Service
    ) {
        if service.endpoints.isEmpty {
            service.version = announcement.version
            service.description = announcement.description
        }
        let described = withDefinitions(endpoint, route, announced, of: &service)
        service.endpoints.append(described.named(uniqueAmong: service.endpoints))
        if service.isTrusted {
            trustedRoutes += 1
        } else if service.taken.count >= Self.ownPerStranger {
            sharedRoutes += 1
        }
        service.taken.append((instance, endpoint.subject, route.shape))
        taken[Self.neighbourhood(of: route), default: []].append(Taken(service: service.name, route: route))
    }

    /// The endpoint, after the schemas that it refers to have become those of its service. Another version may have
    /// others by the same names: what is served already keeps its own, and this endpoint does without.
    private mutating func withDefinitions(
        _ endpoint: EndpointContract, _ route: HTTPRoute, _ announced: AnnouncedEndpoint,
        of service: inout Service
    ) -> EndpointContract {
        var schemas = service.schemas
        for definition in announced.definitions {
            guard let known = schemas.first(where: { $0.name == definition.name }) else {
                schemas.append(definition)
                continue
            }
            guard known.schema.document == definition.schema.document else {
                unused.append(
                    (
                        endpoint.worker, announced.label,
                        "#/schemas/\(definition.name) is another one in an instance that was found before"
                    ))
                return endpoint.withoutSchemas(route)
            }
        }
        service.schemas = schemas
        return endpoint
    }
}
