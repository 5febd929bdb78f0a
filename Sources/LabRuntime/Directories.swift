import Foundation

/// Where the lab keeps things: the XDG directories. A relative value in the environment is ignored,
/// as the specification asks.
package enum Directories {
  /// Runs, progress, a user's own lessons and data.
  package static var data: URL { directory("XDG_DATA_HOME", ".local/share") }
  /// The log.
  package static var state: URL { directory("XDG_STATE_HOME", ".local/state") }
  /// What can be made again.
  package static var cache: URL { directory("XDG_CACHE_HOME", ".cache") }

  private static func directory(_ variable: String, _ fallback: String) -> URL {
    let environment = ProcessInfo.processInfo.environment
    let base: URL
    if let path = environment[variable], path.hasPrefix("/") {
      base = URL(fileURLWithPath: path)
    } else {
      base = FileManager.default.homeDirectoryForCurrentUser.appending(path: fallback)
    }
    return base.appending(path: "backstep")
  }
}
