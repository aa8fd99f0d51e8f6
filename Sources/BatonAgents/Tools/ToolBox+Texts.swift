import BatonCore
import BatonEngine
import Dispatch
import Foundation

// Documents that are searched, and what agents remember.
extension ToolBox {
    func lookAtTexts(_ call: Transcript.Call, _ work: Work) async -> WorkResult {
        guard let texts = self.texts else {
            return .failed(Self.failure(call, "nobody here keeps texts", "let `baton run` play the plan"))
        }
        do {
            switch call.tool {
            case "search_documents": return .done(try await self.search(call.input, work, texts))
            case "remember": return .done(try await self.remember(call, work, texts))
            default: return .done(try await Self.recall(call.input, work, texts))
            }
        } catch let fault as TextStoreFault {
            return .failed(Self.failure(call, fault.words, "see that the data folder is well: baton doctor"))
        } catch let fault as WorkFiles.Fault {
            return .failed(Self.failure(call, fault.words, "name another folder"))
        } catch let failure as Failure {
            return .failed(failure)
        } catch {
            return .failed(Self.failure(call, "\(error)", "try it again"))
        }
    }

    private func search(_ input: JSON, _ work: Work, _ texts: any TextStore) async throws -> JSON {
        let folder = input["path"]?.string ?? "."
        let (project, data, secrets) = (self.projectFolder, self.dataFolder, self.secrets)
        let listing = try await Self.onDisk {
            Result { try WorkFiles(for: work, in: project, dataFolder: data).documents(below: folder) }
        }.get()
        let found = try await texts.search(
            input["query"]?.string ?? "",
            in: "\(project)/\(work.workingDirectory ?? ".")/\(folder)",
            of: listing.documents,
            most: Int(input["limit"]?.integer ?? 8)
        ) { path in
            // The index is in the data folder: no key comes there.
            (try? WorkFiles(for: work, in: project, dataFolder: data))?.document(path).map { secrets.redacting($0) }
        }
        let results = found.map { passage -> JSON in
            let lines = passage.lines
            let place = lines.count == 1 ? "\(lines.lowerBound)" : "\(lines.lowerBound)-\(lines.upperBound)"
            return ["source": .string("\(passage.path):\(place)"), "text": .string(String(passage.text.prefix(4000)))]
        }
        let answer: JSON = ["documents": .integer(Int64(listing.documents.count)), "results": .array(results)]
        return listing.isCut ? answer.adding("more_documents", true) : answer
    }

    // What a crash lets be said again is remembered once.
    private func remember(_ call: Transcript.Call, _ work: Work, _ texts: any TextStore) async throws -> JSON {
        let memory = Memory(
            key: Self.key(of: call, work),
            agent: work.agent.id,
            run: work.run,
            task: work.task.id,
            at: self.clock.now(),
            text: self.secrets.redacting(call.input["text"]?.string ?? "")
        )
        try await texts.remember(memory)
        return "It is remembered."
    }

    // With its origin, as data: whoever wrote it is not whoever reads it.
    private static func recall(_ input: JSON, _ work: Work, _ texts: any TextStore) async throws -> JSON {
        let memories = try await texts.memories(
            of: work.agent.id,
            about: input["query"]?.string ?? "",
            most: Int(input["limit"]?.integer ?? 8)
        )
        return [
            "memories": .array(
                memories.map { memory in
                    [
                        "text": .string(memory.text), "run": .string(memory.run.text),
                        "task": .string(memory.task.text),
                        "at": .string(memory.at.description),
                    ]
                }
            )
        ]
    }

    // Disks take their time, and the threads of Swift tasks are few.
    static func onDisk<Value: Sendable>(_ body: @Sendable @escaping () -> Value) async -> Value {
        await withCheckedContinuation { waiter in
            DispatchQueue.global().async { waiter.resume(returning: body()) }
        }
    }
}
