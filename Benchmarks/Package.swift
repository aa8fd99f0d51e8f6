// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "baton-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "baton", path: "..")],
    targets: [
        .executableTarget(name: "Workloads", dependencies: [.product(name: "BatonEngine", package: "baton")])
    ]
)

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),  // SE-0335
    .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
    .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461
    .treatWarning("StrictLanguageFeatures", as: .error),
]
for target in package.targets { target.swiftSettings = settings }
