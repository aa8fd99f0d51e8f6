import BatonCore
import BatonEngine
import BatonPlans
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A shipped example: a plan with the files that its agents need, kept in the binary.
struct Example {
    let name: String
    /// Its files by their paths below its folder.
    let files: [(path: String, text: String)]

    /// All examples, by name.
    static let all: [Example] = {
        let named = Dictionary(grouping: Self.files) { String($0.path.prefix { $0 != "/" }) }
        return named.keys.sorted().map { name in
            let own = named[name] ?? []
            return Example(name: name, files: own.map { (String($0.path.dropFirst(name.count + 1)), $0.text) })
        }
    }()

    /// The example of that name.
    ///
    /// - Throws: ``BatonError`` with the name that was probably meant.
    static func named(_ name: String) throws -> Example {
        if let example = Self.all.first(where: { $0.name == name }) { return example }
        let near = NearestName.of(name, among: Self.all.map(\.name)).map { "did you mean \($0)?" }
        throw BatonError(
            .exampleUnknown,
            "there is no example \(PlainText.line(name, limit: 60))",
            remedy: near ?? "`baton examples` lists them"
        )
    }

    /// The file name of its plan.
    var planFile: String { self.files.map(\.path).first { $0.hasPrefix("plan.") } ?? "plan" }

    /// What the plan says of itself.
    var plan: (title: String, description: String) {
        let text = self.files.first { $0.path == self.planFile }?.text ?? ""
        let plan = PlanFile.read(bytes: Array(text.utf8), name: self.planFile).plan
        return (plan?.title ?? self.name, plan?.description ?? "")
    }

    /// Writes all files into a new folder.
    ///
    /// - Throws: ``BatonError`` if there is something of that name already, or the disk does not take it.
    func write(to folder: String) throws {
        // Making the folder and failing if it is there are one step, so nothing is ever written over.
        guard mkdir(folder, 0o755) == 0 else {
            let code = errno
            guard code == EEXIST else { throw Self.unwritten(folder, String(cString: strerror(code))) }
            throw BatonError(
                .exampleExists,
                "\(PlainText.of(folder)) is there already, and nothing was written",
                remedy: "choose another place with --to, or move it away"
            )
        }
        let url = URL(fileURLWithPath: folder)
        for file in self.files {
            let place = url.appendingPathComponent(file.path)
            do {
                try FileManager.default.createDirectory(
                    at: place.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                try Data(file.text.utf8).write(to: place)
            } catch {
                throw Self.unwritten(place.path, error.localizedDescription)
            }
        }
    }

    private static func unwritten(_ path: String, _ why: String) -> BatonError {
        BatonError(
            .exampleUnwritten,
            "\(PlainText.of(path)) cannot be written: \(why)",
            remedy: "choose another place with --to"
        )
    }
}

extension BatonError.Code {
    static let exampleUnknown = BatonError.Code("example.unknown")
    static let exampleExists = BatonError.Code("example.exists")
    static let exampleUnwritten = BatonError.Code("example.unwritten")
}
