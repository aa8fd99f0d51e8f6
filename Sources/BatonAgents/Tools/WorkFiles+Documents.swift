import BatonEngine
import Foundation

extension WorkFiles {
    /// Documents to look for words in.
    struct Listing: Sendable {
        var documents: [TextDocument] = []
        /// Whether there are more than are looked at.
        var isCut = false
    }

    static let mostDocuments = 10_000
    static let largestDocument = 4 << 20

    /// The files below a folder, with stamps of when they changed.
    func documents(below folder: String) throws(Fault) -> Listing {
        var listing = Listing()
        try self.walk(folder, depth: 50) { name, isFolder in
            guard !isFolder, let status = self.status(of: name), status.st_size <= Self.largestDocument else {
                return true
            }
            guard listing.documents.count < Self.mostDocuments else {
                listing.isCut = true
                return false
            }
            #if canImport(Glibc)
            let (changed, noted) = (status.st_mtim, status.st_ctim)
            #else
            let (changed, noted) = (status.st_mtimespec, status.st_ctimespec)
            #endif
            let times = "\(changed.tv_sec).\(changed.tv_nsec).\(noted.tv_sec).\(noted.tv_nsec)"
            let stamp = "\(status.st_ino).\(status.st_size).\(times)"
            listing.documents.append(TextDocument(path: name, stamp: stamp))
            return true
        }
        return listing
    }

    private func status(of path: String) -> stat? {
        guard let file = try? self.opened(path, O_RDONLY | O_NONBLOCK) else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return status
    }

    /// The text of a file; nil if it is none.
    func document(_ path: String) -> String? {
        guard let file = try? self.opened(path, O_RDONLY | O_NONBLOCK) else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: Self.largestDocument)
        var count = 0
        while count < bytes.count {
            let read = bytes.withUnsafeMutableBytes {
                pread(file, $0.baseAddress?.advanced(by: count), $0.count - count, off_t(count))
            }
            guard read > 0 else { break }
            count += read
        }
        let text = bytes.prefix(count)
        return text.contains(0) ? nil : String(decoding: text, as: UTF8.self)
    }
}
