import CNCurses
import Glibc
import TerminalGraphics

/// Which terminal descriptions to try, and the one of ours that has 24-bit color.
enum TerminalDescription {
  /// Names for `newterm`, the best first. Makes the description with 24-bit color when that is
  /// wanted; a failure only leaves it out.
  static func candidates(
    color: ColorChoice, environment: [String: String], cacheDirectory: String
  ) -> [String] {
    let term = environment["TERM", default: ""]
    var names = [term]
    if suggestsModern(term, environment) { names.append("xterm-256color") }
    guard color.triesDirect(environment: environment), isPlainName(term) else { return names }
    let directory = cacheDirectory + "/terminfo"
    // A description that has 24-bit color already is better than ours, if it is installed.
    let isDirect = term.hasSuffix("-direct")
    let ours = names.filter { !$0.hasSuffix("-direct") }.compactMap { compile($0, in: directory) }
    if !ours.isEmpty { putFirst(directory, environment: environment) }
    return isDirect ? [term] + ours.prefix(1) + names.dropFirst() : ours.prefix(1) + names
  }

  /// Terminals whose description is not installed everywhere, and which understand xterm's.
  private static func suggestsModern(_ term: String, _ environment: [String: String]) -> Bool {
    let known = [
      "alacritty", "contour", "foot", "ghostty", "iterm", "kitty", "konsole", "mintty",
      "ms-terminal",
      "rio", "st", "vte", "wezterm", "xterm",
    ]
    return known.contains { term.hasPrefix($0) } || !environment["COLORTERM", default: ""].isEmpty
  }

  private static func isPlainName(_ term: String) -> Bool {
    !term.isEmpty
      && term.utf8.allSatisfy { byte in
        (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
          || [0x2B, 0x2D, 0x2E, 0x5F].contains(byte)
      }
  }

  /// The name of the description made; nil when the terminfo compiler or the directory fails.
  private static func compile(_ term: String, in directory: String) -> String? {
    let name = "backstep-" + term
    let source = "\(directory)/\(name).ti"
    guard makeDirectory(directory), write(text(name: name, term: term), to: source),
      nc_compile_terminfo(directory, source) == 0
    else { return nil }
    return name
  }

  /// In direct color the numbers 0 to 7 mean the ANSI colors, larger ones are 0xRRGGBB.
  private static func text(name: String, term: String) -> String {
    let rgb = "%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m"
    return """
      \(name)|\(term) with direct color,
      \tRGB, colors#0x1000000, pairs#0x100000, ccc@, initc@, initp@, oc@, op=\\E[39;49m, setb@, setf@,
      \tsetab=\\E[%?%p1%{8}%<%t4%p1%d%e48;2;\(rgb),
      \tsetaf=\\E[%?%p1%{8}%<%t3%p1%d%e38;2;\(rgb), use=\(term),

      """
  }

  private static func putFirst(_ directory: String, environment: [String: String]) {
    // A trailing colon keeps the places where the system has its own.
    setenv("TERMINFO_DIRS", directory + ":" + environment["TERMINFO_DIRS", default: ""], 1)
  }

  private static func makeDirectory(_ path: String) -> Bool {
    var prefix = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: true) {
      prefix += (prefix.isEmpty && !path.hasPrefix("/") ? "" : "/") + part
      if mkdir(prefix, 0o700) != 0, errno != EEXIST { return false }
    }
    return true
  }

  private static func write(_ text: String, to path: String) -> Bool {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { return false }
    defer { Glibc.close(file) }
    let bytes = Array(text.utf8)
    return Glibc.write(file, bytes, bytes.count) == bytes.count
  }
}
