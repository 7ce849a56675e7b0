import LocalServers

/// The processes of a fleet beside its servers. Each is told what it needs and no secret beyond.
struct FleetMembers: Sendable {
    let options: FleetOptions
    let places: FleetPlaces
    let secrets: FleetSecrets
    let directory: FleetDirectory

    var all: [Member] {
        options.scale.names.map { worker($0.worker, named: $0.name) } + [simulator, ingress]
    }

    private func worker(_ worker: String, named name: String) -> Member {
        var environment = [
            "FLOTILLA_INSTANCE": name,
            "FLOTILLA_POSTGRES_URL": places.postgres(role: worker, password: secrets.postgresPasswords[worker] ?? ""),
            "FLOTILLA_SUBJECTS": subjects,
        ]
        switch worker {
        case "users":
            environment["FLOTILLA_JWT_KEY_FILE"] = secrets.jwtKeyFile
            // On one machine everybody comes from the same address.
            let limit = "FLOTILLA_REGISTRATIONS_PER_HOUR"
            environment[limit] = options.environment[limit] ?? "0"
        case "payments":
            environment["FLOTILLA_STRIPE_URL"] = places.stripe
            environment["FLOTILLA_STRIPE_KEY_FILE"] = secrets.stripeKeyFile
            environment["FLOTILLA_STRIPE_WEBHOOK_SECRET_FILE"] = secrets.stripeWebhookSecretFile
        case "notifications":
            environment["FLOTILLA_MAIL_DIR"] = directory.mail
            environment["FLOTILLA_TEMPLATES"] = "\(options.home)/templates"
            // Who started the fleet may have a shop of his own.
            environment["FLOTILLA_PUBLIC_URL"] = options.environment["FLOTILLA_PUBLIC_URL"] ?? places.http
            environment["FLOTILLA_SHOP_URL"] = options.environment["FLOTILLA_SHOP_URL"] ?? places.http
        default:
            break
        }
        return child(name, .worker, ["worker", worker], environment.merging(broker(as: worker)) { $1 })
    }

    private var simulator: Member {
        child(
            "stripe", .simulator, ["stripe"],
            [
                "FLOTILLA_INSTANCE": "stripe",
                "FLOTILLA_HTTP_HOST": "127.0.0.1",
                "FLOTILLA_HTTP_PORT": "\(places.stripePort)",
                "FLOTILLA_STRIPE_URL": places.stripe,
                "FLOTILLA_STRIPE_KEY_FILE": secrets.stripeKeyFile,
                "FLOTILLA_STRIPE_WEBHOOK_SECRET_FILE": secrets.stripeWebhookSecretFile,
                "FLOTILLA_STRIPE_WEBHOOK_URL": places.webhook,
                "FLOTILLA_STRIPE_STATE_FILE": "\(directory.stripe)/journal",
            ])
    }

    private var ingress: Member {
        child(
            "ingress", .ingress, ["ingress"],
            [
                "FLOTILLA_INSTANCE": "ingress",
                "FLOTILLA_HTTP_HOST": "127.0.0.1",
                "FLOTILLA_HTTP_PORT": "\(places.httpPort)",
                "FLOTILLA_SUBJECTS": subjects,
                "FLOTILLA_JWT_KEY_FILE": secrets.jwtKeyFile,
            ].merging(broker(as: "ingress")) { $1 })
    }

    /// Where the broker is and who logs in there, when somebody has to.
    private func broker(as user: String) -> [String: String] {
        var environment = ["FLOTILLA_NATS_URL": places.natsURL]
        if secrets.natsPasswords[user] != nil {
            environment["FLOTILLA_NATS_USER"] = user
            environment["FLOTILLA_NATS_PASSWORD_FILE"] = secrets.natsPasswordFile(of: user)
        }
        return environment
    }

    private var subjects: String { "\(options.home)/subjects" }

    private func child(_ name: String, _ stage: Stage, _ arguments: [String], _ own: [String: String]) -> Member {
        // Who started the fleet may be set up to log in to another broker.
        let inherited = options.environment.filter { !$0.key.hasPrefix("FLOTILLA_NATS_") }
        var environment = inherited.merging(own) { $1 }
        environment["FLOTILLA_HOME"] = options.home
        // For people who watch; a pipe would otherwise get JSON.
        if environment["LOG_FORMAT"] == nil { environment["LOG_FORMAT"] = "text" }
        // Writing a backtrace takes seconds in which the member would be missing; who wants one sets the variable.
        if environment["SWIFT_BACKTRACE"] == nil { environment["SWIFT_BACKTRACE"] = "enable=no" }
        return .child(name, stage, .init(options.executable, arguments, environment: environment))
    }
}
