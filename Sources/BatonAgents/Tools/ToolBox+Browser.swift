import BatonCore
import BatonEngine

// The tools that use a browser.
extension ToolBox {
    func browse(_ call: Transcript.Call, _ work: Work) async throws(Failure) -> WorkResult {
        guard let browsers = self.browsers else {
            throw Self.failure(call, "nobody here starts browsers", "let `baton run` play the plan")
        }
        let picture: [UInt8]
        do throws(BrowserFault) {
            guard call.tool == "browser_screenshot" else {
                return .done(try await browsers.call(call.tool, call.input, for: work))
            }
            picture = try await browsers.screenshot(for: work)
        } catch {
            if Task.isCancelled { return .stopped() }
            let remedy = "look at the page again, or elsewhere"
            throw Self.webFailure(call, error.words, isBlocked: error.isBlocked, remedy)
        }
        return try await self.withFiles(call, work) { files throws(WorkFiles.Fault) in
            try files.put(picture, to: call.input["path"]?.string ?? "")
        }
    }
}
