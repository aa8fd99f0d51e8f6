import BatonCore
import Foundation

/// Whether the plan's time zone is one that the system's database knows.
enum TimeZoneCheck {
    static func diagnostics(of plan: Plan) -> [Diagnostic] {
        let name = plan.scheduling.timeZone
        guard !Self.isKnown(name) else { return [] }
        let near = NearestName.of(name, among: ["UTC"] + TimeZone.knownTimeZoneIdentifiers)
        return [
            Diagnostic(
                "plan.time_zone",
                "there is no time zone \"\(PlainText.line(name, limit: 60))\"",
                remedy: near.map { "did you mean \($0)?" } ?? "write an IANA name such as Europe/Berlin, or UTC",
                at: PlanPath(.name("scheduling"), .name("time_zone"))
            )
        ]
    }

    private static func isKnown(_ name: String) -> Bool {
        if name == "UTC" || name == "GMT" || TimeZone.knownTimeZoneIdentifiers.contains(name) { return true }
        // The list leaves out older names that the database still has; names with odd characters never reach a path.
        return name.contains("/") && !name.hasPrefix("/") && !name.contains("..")
            && name.utf8.allSatisfy(Self.isNameByte) && TimeZone(identifier: name) != nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x30...0x39: true
        default: "_+-/".utf8.contains(byte)
        }
    }
}
