import ArgumentParser
import Logging
import UnixSignals

@main struct Baton: AsyncParsableCommand { func run() async throws {} }
