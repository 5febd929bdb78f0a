import Foundation
import Glibc
import PseudoTerminal

/// The lab beside this program in a terminal, with a home folder of its own.
final class OpenLab {
  let terminal: PseudoTerminal
  private let home: URL

  /// A program that learns digits for longer than anything is measured.
  private static let program = """
    import keras
    from keras import layers
    from sklearn.datasets import load_digits

    digits = load_digits()
    model = keras.Sequential([
        keras.Input(shape=(64,)),
        layers.Dense(64, activation="relu"),
        layers.Dense(32, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(digits.data, digits.target, batch_size=32, epochs=EPOCHS)
    """

  static var executable: String {
    Bundle.main.bundleURL.appending(path: "backstep").path
  }

  /// - Parameter epochs: opens that program with so many; nil: the lab as a newcomer has it.
  init(columns: Int = 120, rows: Int = 36, epochs: Int? = nil) throws {
    home = try Self.newHome()
    let file = home.appending(path: "long.py")
    if let epochs { try Self.write(epochs: epochs, to: file) }
    terminal = try PseudoTerminal(
      Self.executable, epochs == nil ? [] : [file.path],
      environment: Self.environment(home), columns: columns, rows: rows, identity: Self.identity)
  }

  deinit { try? FileManager.default.removeItem(at: home) }

  /// What a terminal with a dark background answers when it is asked for its color and what it is.
  private static let identity = "\u{1B}]11;rgb:1e1e/1e1e/1e1e\u{7}\u{1B}[?62;22c"

  static func newHome() throws -> URL {
    let home = FileManager.default.temporaryDirectory
      .appending(path: "backstep-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    return home
  }

  static func write(epochs: Int, to file: URL) throws {
    try Data(program.replacing("EPOCHS", with: "\(epochs)").utf8).write(to: file)
  }

  static func environment(_ home: URL) -> [String: String] {
    [
      "PATH": ProcessInfo.processInfo.environment["PATH", default: "/usr/bin:/bin"],
      "HOME": home.path, "XDG_DATA_HOME": home.path, "XDG_STATE_HOME": home.path,
      "XDG_CACHE_HOME": home.path, "LANG": "C.UTF-8", "TERM": "xterm-256color",
    ]
  }

  func press(_ keys: String) {
    terminal.type(keys)
    terminal.settle(seconds: 0.2, atMost: 0.4)
  }

  /// Goes to Train and lets the run train.
  /// - Returns: whether it does.
  func train(atFullSpeed: Bool) -> Bool {
    terminal.settle(seconds: 0.3, atMost: 3)
    press("4")
    press(" ")
    if atFullSpeed { press("F") }
    let start = terminal.output.count
    return terminal.look(from: start, seconds: 10) { $0.frames > 9 }
  }

  /// Presses `?` so often and closes the help again.
  /// - Returns: milliseconds from key to screen, sorted; nil when one was not answered.
  func answers(_ count: Int) -> [Double]? {
    var answers: [Double] = []
    for sample in 0..<count {
      terminal.drop()
      let clock = ContinuousClock.now
      terminal.type("?")
      guard terminal.look(seconds: 5, until: { $0.contains(text: "search") }) else { return nil }
      answers.append(clock.duration(to: .now) / .milliseconds(1))
      terminal.type("\u{1B}")
      // Not in step with the pictures, which come thirty times a second.
      terminal.settle(seconds: 1, atMost: 0.08 + Double(sample % 17) / 500)
    }
    return answers.sorted()
  }

  /// Processor time of all threads, those that ended too.
  var busySeconds: Double {
    var (clock, time) = (clockid_t(), timespec())
    guard clock_getcpuclockid(terminal.process, &clock) == 0, clock_gettime(clock, &time) == 0
    else { return .nan }
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Processor time of the thread that draws and answers keys: the first one.
  var drawingSeconds: Double {
    let process = terminal.process
    let path = "/proc/\(process)/task/\(process)/schedstat"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: " ").first.flatMap { Double($0) }.map { $0 * 1e-9 } ?? .nan
  }

  /// The most memory so far, in MB.
  var memory: Double {
    let path = "/proc/\(terminal.process)/status"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) }
      .map { $0 * 1024 / 1e6 } ?? .nan
  }

  /// Steps of the run, as Train shows them: `step 12,345 of`.
  var steps: Double? {
    let text = terminal.screen.text.joined(separator: "\n")
    guard let match = text.firstMatch(of: /step +([0-9,.]+)(k?) of/),
      let number = Double(match.1.replacing(",", with: ""))
    else { return nil }
    return match.2.isEmpty ? number : number * 1000
  }
}
