// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// Packed relocations and no exported symbols: a process that starts touches 7 MB less of its file (40 -> 33 MB resident).
/// Needs lld and a C library with DT_RELR (glibc 2.36).
let releaseLink = LinkerSetting.unsafeFlags(
    ["-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs", "-Xlinker", "--no-export-dynamic"],
    .when(platforms: [.linux], configuration: .release))

/// The house, room by room: every target lives in `Sources/<folder>/<name>` and says whom it may know.
func room(_ folder: String, _ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/\(folder)/\(name)", swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], without excluded: [String] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: excluded, swiftSettings: settings)
}

let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")

/// `FLOTILLA_TESTS=NATSTests,JSONTests` builds only these test targets and what they stand on.
let wantedTests = Context.environment["FLOTILLA_TESTS"].map { Set($0.split(separator: ",").map(String.init)) }

let package = Package(
    name: "flotilla",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "flotilla", targets: ["flotilla"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.0"),
    ],
    targets: [
        .systemLibrary(name: "CNats", path: "Sources/System/CNats"),
        .systemLibrary(name: "CPostgres", path: "Sources/System/CPostgres", pkgConfig: "libpq"),
        .systemLibrary(name: "CCrypt", path: "Sources/System/CCrypt"),
        .systemLibrary(name: "CCurl", path: "Sources/System/CCurl", pkgConfig: "libcurl"),
        .target(name: "CLinux", path: "Sources/System/CLinux"),

        room("Transport", "Reactor", ["CLinux"]),
        room("Transport", "NATS", ["CNats", "Reactor", log]),
        room("Transport", "Postgres", ["CPostgres", "Reactor", log]),

        room("Fleet", "JSON"),
        room("Fleet", "Schema", ["JSON"]),
        room("Fleet", "Contracts", ["JSON", "Schema", .product(name: "Yams", package: "Yams")]),
        room("Fleet", "Documents", ["Contracts", "Schema", "JSON"]),
        room("Fleet", "Deployment", ["Contracts", "Schema", "JSON"]),
        room("Fleet", "Streams", ["Contracts", "NATS", "Reactor"]),
        room("Fleet", "Telemetry", ["JSON", log]),
        room("Fleet", "Migrations", ["Postgres", "Reactor", log, crypto]),
        room(
            "Fleet", "Worker",
            [
                "Reactor", "NATS", "Postgres", "JSON", "Schema", "Contracts", "Streams", "Telemetry", log, crypto,
                lifecycle,
            ]),

        room("Workers", "Users", ["Worker", "CCrypt", crypto]),
        room("Workers", "Orders", ["Worker"]),
        room("Workers", "Inventory", ["Worker"]),
        room("Workers", "Payments", ["Worker", "Stripe"]),
        room("Workers", "Notifications", ["Worker", "CCurl", mustache, crypto]),

        room(
            "Edge", "Stripe",
            [
                httpClient, crypto, log, .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        room(
            "Edge", "StripeSimulator",
            [
                "Stripe", hummingbird, httpClient, crypto, log, lifecycle,
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ]),
        .target(
            name: "DocsPage", dependencies: [crypto], path: "Sources/Edge/DocsPage",
            resources: [.embedInCode("docs.html")], swiftSettings: settings),
        room(
            "Edge", "Ingress",
            [
                "DocsPage",
                "Reactor", "NATS", "JSON", "Schema", "Contracts", "Documents", "Telemetry", log, lifecycle,
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "JWTKit", package: "jwt-kit"), .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
            ]),

        room("Commands", "LocalServers", ["CLinux", log]),
        room("Commands", "LocalFleet", ["LocalServers"]),
        .executableTarget(
            name: "flotilla",
            dependencies: [
                "LocalFleet", "LocalServers", "Reactor", "NATS", "Postgres", "JSON", "Contracts", "Documents",
                "Deployment", "Streams", "Telemetry",
                "Migrations",
                "Worker", "Ingress", "Stripe", "StripeSimulator", "Users", "Orders", "Inventory", "Payments",
                "Notifications", httpClient, lifecycle, log, crypto, signals, nioCore, nioHTTP1,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/Commands/flotilla", swiftSettings: settings, linkerSettings: [releaseLink]),

        tests("LocalServersTests", ["LocalServers"]),
        tests("LocalFleetTests", ["LocalFleet", "LocalServers"]),
        .target(
            name: "FleetTesting",
            dependencies: [
                "Worker", "Contracts", "Deployment", "Streams", "JSON", "NATS", "Postgres", "Migrations",
                "LocalServers", log,
                lifecycle,
            ],
            path: "Tests/FleetTesting", swiftSettings: settings),
        .target(
            name: "StripeTesting",
            dependencies: [
                "Stripe", "StripeSimulator", hummingbird, httpClient, log, lifecycle, nioCore, nioHTTP1,
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ],
            path: "Tests/StripeTesting", swiftSettings: settings),
        tests(
            "InventoryTests",
            [
                "Inventory", "Orders", "Worker", "FleetTesting", "JSON", "NATS", "Reactor", "Migrations",
                "LocalServers", log,
            ]),
        tests(
            "OrdersTests",
            ["Orders", "Inventory", "FleetTesting", "Contracts", "NATS", "JSON", "Postgres", "Reactor", "Worker", log]),
        tests("ReactorTests", ["Reactor"]),
        tests("NATSTests", ["NATS", "LocalServers"]),
        tests("PostgresTests", ["Postgres", "LocalServers"]),
        tests("JSONTests", ["JSON"]),
        tests("SchemaTests", ["Schema", "JSON"]),
        tests("DocumentsTests", ["Documents", "Contracts", "Schema", "JSON"]),
        tests(
            "DeploymentTests", ["Deployment", "Streams", "Contracts", "NATS", "Reactor", "LocalServers", "JSON", log]),
        tests("ContractsTests", ["Contracts", "Schema", "JSON"]),
        tests("MigrationsTests", ["Migrations", "LocalServers"]),
        tests(
            "WorkerTests",
            ["Worker", "FleetTesting", "Contracts", "Streams", "JSON", "LocalServers", "NATS", "Postgres", log]),
        tests("UsersTests", ["Users", "Worker", "FleetTesting", "JSON", crypto]),
        tests(
            "NotificationsTests",
            [
                "Notifications", "Users", "Worker", "FleetTesting", "LocalServers", "JSON", "NATS", "Postgres",
                "Reactor", log, crypto,
            ], without: ["Support/smtp_server.py", "Support/webhook_server.py"]),
        tests(
            "StripeTests",
            [
                "Stripe", "StripeSimulator", hummingbird, httpClient, log, lifecycle,
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ]),
        tests(
            "IngressTests",
            [
                "Ingress", "LocalServers", "Contracts", "Schema", "JSON", "NATS", "Reactor", "Telemetry", httpClient,
                crypto, log,
                lifecycle,
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ]),
        tests(
            "PaymentsTests",
            ["Payments", "Stripe", "StripeTesting", "Worker", "FleetTesting", "Contracts", "NATS", "JSON"]),
        tests(
            "TradeTests",
            [
                "flotilla", "Orders", "Inventory", "Payments", "Stripe", "StripeTesting", "Worker", "FleetTesting",
                "LocalServers", "Contracts", "Schema", "NATS", "JSON",
            ]),
        tests("HouseTests", []),
        tests(
            "IntegrationTests",
            [
                "flotilla", "FleetTesting", "LocalFleet", "LocalServers", "Contracts", "Schema", "JSON", "NATS",
                "Reactor",
                log, httpClient,
                nioCore, nioHTTP1,
            ]),
    ]
)

if let wantedTests {
    // Only the named tests and the rooms they stand on: nothing else is compiled.
    var kept = wantedTests
    var open = Array(wantedTests)
    while let name = open.popLast() {
        for case .byNameItem(let dependency, _) in package.targets.first(where: { $0.name == name })?.dependencies ?? []
        where kept.insert(dependency).inserted {
            open.append(dependency)
        }
    }
    package.targets.removeAll { !kept.contains($0.name) }
    if !kept.contains("flotilla") { package.products.removeAll() }
}
