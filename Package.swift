// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "baton",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "baton", targets: ["BatonCLI"]),
        .library(
            name: "BatonEngine",
            targets: ["BatonCore", "BatonPlans", "BatonEngine", "BatonAgents", "BatonSQLite"]
        ),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        .target(
            name: "BatonCore",
            dependencies: [
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ]
        ),
        .target(name: "BatonPlans", dependencies: ["BatonCore", "Yams"]),
        .target(
            name: "BatonEngine",
            dependencies: [
                "BatonCore",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ]
        ),
        .target(name: "CBatonSystem"),
        .systemLibrary(
            name: "CLibXML2",
            pkgConfig: "libxml-2.0",
            providers: [.apt(["libxml2-dev"]), .brew(["libxml2"])]
        ),
        .target(name: "CBatonHTML", dependencies: ["CLibXML2"]),
        .target(
            name: "BatonAgents",
            dependencies: [
                "BatonCore", "BatonEngine", "CBatonHTML", "CBatonSystem",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "OrderedCollections", package: "swift-collections"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
        .target(
            name: "BatonSQLite",
            dependencies: ["BatonCore", "BatonEngine", "CBatonSystem", .product(name: "GRDB", package: "GRDB.swift")]
        ),
        .target(
            name: "BatonReports",
            dependencies: ["BatonCore", .product(name: "OrderedCollections", package: "swift-collections")]
        ),
        .target(
            name: "BatonServer",
            dependencies: [
                "BatonCore", "BatonEngine", "BatonReports",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "OrderedCollections", package: "swift-collections"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ]
        ),
        // What plays the rules in a world where everything goes wrong: no product and no part of `baton`; see scripts/sim.
        .target(name: "BatonSimulation", dependencies: ["BatonCore"]),
        .executableTarget(name: "BatonSim", dependencies: ["BatonCore", "BatonSimulation"]),
        // What reads nonsense in the place of what models say: no product and no part of `baton`; see `make fuzz`.
        .executableTarget(name: "BatonFuzz", dependencies: ["BatonCore", "BatonAgents"]),
        .target(name: "BatonTestKit", dependencies: ["BatonCore", "BatonEngine"]),
        .executableTarget(
            name: "BatonCLI",
            dependencies: [
                "BatonCore", "BatonPlans", "BatonEngine", "BatonAgents", "BatonSQLite", "BatonReports", "BatonServer",
                "CBatonSystem",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]
        ),
        // What an embedding program sees: no access to what is public only within this package.
        .executableTarget(
            name: "TenLines",
            dependencies: ["BatonEngine"],
            path: "Examples/in-swift/TenLines",
            exclude: ["last-line"],
            packageAccess: false
        ),
        .executableTarget(
            name: "OneTask",
            dependencies: ["BatonEngine"],
            path: "Examples/in-swift/OneTask",
            exclude: ["last-line"],
            packageAccess: false
        ),
        .executableTarget(
            name: "DurableTeam",
            dependencies: ["BatonEngine", "BatonSQLite"],
            path: "Examples/in-swift/DurableTeam",
            exclude: ["last-line"],
            packageAccess: false
        ),
        .executableTarget(
            name: "OwnTool",
            dependencies: ["BatonAgents", "BatonEngine"],
            path: "Examples/in-swift/OwnTool",
            exclude: ["answers.jsonl", "last-line"],
            packageAccess: false
        ),
        .executableTarget(
            name: "OwnPerformer",
            dependencies: ["BatonEngine"],
            path: "Examples/in-swift/OwnPerformer",
            exclude: ["last-line"],
            packageAccess: false
        ),
        .testTarget(
            name: "BatonAgentsTests",
            dependencies: [
                "BatonCore", "BatonEngine", "BatonAgents", "BatonTestKit",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ]
        ),
        .testTarget(
            name: "BatonCoreTests",
            dependencies: [
                "BatonCore", "BatonSimulation", "BatonTestKit",
                .product(name: "OrderedCollections", package: "swift-collections"),
            ]
        ),
        .testTarget(
            name: "BatonPlansTests",
            dependencies: [
                "BatonCore", "BatonPlans", "BatonTestKit",
                .product(name: "OrderedCollections", package: "swift-collections"),
            ]
        ),
        .testTarget(name: "AdapterTests", dependencies: ["BatonCore", "BatonEngine", "BatonSQLite", "BatonTestKit"]),
        .testTarget(
            name: "BatonEngineTests",
            dependencies: ["BatonCore", "BatonPlans", "BatonEngine", "BatonAgents", "BatonSQLite", "BatonTestKit"]
        ),
        .testTarget(
            name: "BatonSQLiteTests",
            dependencies: [
                "BatonCore", "BatonEngine", "BatonSQLite", "BatonTestKit",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "BatonCore", "BatonCLI", "BatonTestKit",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .testTarget(
            name: "BatonReportsTests",
            dependencies: ["BatonCore", "BatonEngine", "BatonReports", "BatonTestKit"]
        ),
        .testTarget(
            name: "BatonServerTests",
            dependencies: [
                "BatonCore", "BatonEngine", "BatonReports", "BatonSimulation", "BatonSQLite", "BatonServer",
                "BatonTestKit",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        .testTarget(name: "BatonSimulationTests", dependencies: ["BatonCore", "BatonSimulation"]),
        .testTarget(
            name: "DocsTests",
            dependencies: ["BatonCore", "BatonPlans", "BatonEngine", "BatonReports", "BatonServer", "BatonTestKit"]
        ),
    ]
)

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),  // SE-0335
    .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
    .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461
    .treatWarning("StrictLanguageFeatures", as: .error),  // a misspelt name above now stops the build
]
for target in package.targets where !target.name.hasPrefix("C") { target.swiftSettings = settings }
