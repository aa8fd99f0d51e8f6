import BatonCore
import BatonEngine
import Foundation
import Synchronization

/// The driver of a browser, a program of this machine, and all that it starts.
final class BrowserProcess: Sendable {
    private enum Start {
        case waiting(CheckedContinuation<Result<Int, BrowserFault>, Never>?)
        case known(Result<Int, BrowserFault>)
    }

    /// In seconds; a port is said at once, but where much else is started.
    static let usualPatience = 60
    /// No line that says it is longer.
    private static let longestLine = 4096

    /// Where all of it is kept: profile, cache and what its programs put aside.
    let folder: String
    private let clock: any EngineClock
    private let input: AsyncStream<[UInt8]>.Continuation
    private let start = Mutex(Start.waiting(nil))
    private let said = Mutex<[UInt8]>([])
    private let process = Mutex<Task<Void, Never>?>(nil)

    /// Starts it.
    ///
    /// - Parameters:
    ///   - work: for whom.
    ///   - folder: an empty one, for it alone.
    init(_ work: Work, in folder: String, by commands: CommandPerformer, _ clock: any EngineClock) {
        let (input, output) = AsyncStream.makeStream(of: [UInt8].self)
        self.folder = folder
        self.clock = clock
        self.input = output
        let places = ["HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"]
        // Unstructured: it lasts as long as the browser, and its end is waited for by `close`.
        let process = Task {
            let words: String
            do throws(Failure) {
                words = try await commands.serve(
                    work.running([Browsers.program, "--port=0"], []),
                    setting: Dictionary(uniqueKeysWithValues: places.map { ($0, folder) }),
                    input: input
                ) { [weak self] in
                    self?.hear($0) ?? false
                }
            } catch {
                words = error.message
            }
            self.settle(.failure(BrowserFault(words: "the browser is gone: \(words)", isLost: true)))
        }
        self.process.withLock { $0 = process }
    }

    var isBroken: Bool {
        self.start.withLock { start in
            if case .known(.failure) = start { return true }
            return false
        }
    }

    /// The port that the driver listens on, which it has to say within so many seconds.
    func port(within seconds: Int) async throws(BrowserFault) -> Int {
        // Unstructured: it is ended with the answer, and nobody waits for it.
        let alarm = Task { [clock] in
            // Second by second: time in which nothing of this process gets its turn does not count, as the driver's words wait too.
            for _ in 0..<seconds { try await clock.sleep(until: clock.now() + .seconds(fraction: 1)) }
            self.settle(.failure(Self.late(seconds)))
        }
        defer { alarm.cancel() }
        return try await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let known = self.start.withLock { start -> Result<Int, BrowserFault>? in
                    if case .known(let result) = start { return result }
                    start = .waiting(waiter)
                    return nil
                }
                if let known { waiter.resume(returning: known) }
            }
        } onCancel: {
            self.settle(.failure(BrowserFault(words: "it was called off", isLost: true)))
        }.get()
    }

    private static func late(_ seconds: Int) -> BrowserFault {
        BrowserFault(words: "\(Browsers.program) has not said its port within \(seconds) s", isLost: true)
    }

    /// Ends it; returns when no process of it is left.
    func close() async {
        self.input.finish()
        let process = self.process.withLock { $0 }
        process?.cancel()
        await process?.value
    }

    // A failure counts also after the port is known; the first of each counts.
    private func settle(_ result: Result<Int, BrowserFault>) {
        let waiter = self.start.withLock { start -> CheckedContinuation<Result<Int, BrowserFault>, Never>? in
            switch (start, result) {
            case (.waiting(let waiter), _):
                start = .known(result)
                return waiter
            case (.known(.success), .failure): start = .known(result)
            case (.known, _): break
            }
            return nil
        }
        waiter?.resume(returning: result)
    }

    private func hear(_ bytes: [UInt8]) -> Bool {
        let lines = self.said.withLock { said -> [[UInt8]] in
            said += bytes
            var lines = said.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
            said = lines.removeLast().suffix(Self.longestLine)
            return lines
        }
        for line in lines {
            if let port = Self.port(in: String(decoding: line, as: UTF8.self)) { self.settle(.success(port)) }
        }
        return true
    }

    /// The port in what it says, which is like this: ChromeDriver was started successfully on port 33333.
    static func port(in line: String) -> Int? {
        guard let found = line.range(of: "started successfully on port ") else { return nil }
        let port = Int(line[found.upperBound...].prefix(while: \.isNumber)) ?? 0
        return 1...65_535 ~= port ? port : nil
    }
}
