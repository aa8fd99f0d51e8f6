import BatonCore
import BatonEngine
import BatonReports
import Foundation

/// The files that people write into the data folder: prices, and how often providers may be asked.
enum FileChecks {
    static func look(in dataFolder: String, _ report: (Checkup) -> Void) {
        Self.look("prices.json", in: dataFolder, report) { _ = try Prices.table(in: dataFolder) }
        Self.look("limits.json", in: dataFolder, report) { _ = try AskingLimits.table(in: dataFolder) }
    }

    private static func look(
        _ name: String,
        in dataFolder: String,
        _ report: (Checkup) -> Void,
        _ read: () throws -> Void
    ) {
        guard FileManager.default.fileExists(atPath: "\(dataFolder)/\(name)") else { return }
        do {
            try read()
            report(.ok("file", "\(name) can be read"))
        } catch let error as BatonError {
            report(.error("file", error.message, remedy: error.remedy, .data))
        } catch {
            report(.error("file", "\(name): \(error)", remedy: "see that it can be read", .data))
        }
    }
}
