import BatonAgents
import BatonCore
import BatonEngine
import Foundation

/// How often this program asks providers.
enum AskingLimits {
    /// The file `limits.json` of the data folder, if there is one.
    static func table(in dataFolder: String) throws -> [String: ProviderPace.Limits] {
        let path = "\(dataFolder)/limits.json"
        guard let file = FileManager.default.contents(atPath: path) else { return [:] }
        do throws(Refusal) {
            return try ProviderLimits.read(Array(file.prefix(1 << 20)))
        } catch {
            throw BatonError(BatonError.Code(error.code), "\(path): \(error.message)", remedy: error.remedy)
        }
    }
}
