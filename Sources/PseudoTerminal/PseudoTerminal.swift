import Glibc

/// A program in a terminal of its own: what a person would type goes in, what a person would see
/// comes out. For tests and measurements.
///
/// Not thread-safe. The program is killed when the object goes.
package final class PseudoTerminal {
  /// Why the program could not be started.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  package let process: pid_t
  /// All bytes that came so far.
  package private(set) var output: [UInt8] = []
  private var model: ScreenModel
  /// How many of the bytes that came the model has taken.
  private var taken = 0
  private let keyboard: Int32
  private let terminal: Int32
  private let modesBefore: termios
  private var status: Int32?
  /// What it says when it is asked what it is; nil: nothing, so that the asker waits in vain.
  private let identity: String?

  /// - Parameters:
  ///   - arguments: without the program's own name.
  ///   - environment: all of it; nothing is inherited.
  ///   - folder: the working directory; nil: that of this process.
  ///   - identity: what it answers to `ESC [ c`, as real terminals do.
  package init(
    _ program: String, _ arguments: [String] = [], environment: [String: String],
    folder: String? = nil, columns: Int = 120, rows: Int = 36, identity: String? = nil
  ) throws(Failure) {
    self.identity = identity
    var size = Self.windowSize(columns, rows)
    model = ScreenModel(columns: columns, rows: rows)
    var (keyboard, terminal): (Int32, Int32) = (-1, -1)
    guard openpty(&keyboard, &terminal, nil, nil, &size) == 0 else {
      throw Failure(description: "no pseudo-terminal: error \(errno)")
    }
    for descriptor in [keyboard, terminal] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    self.keyboard = keyboard
    self.terminal = terminal
    modesBefore = Self.modes(of: terminal)
    let command = [program] + arguments
    do {
      process = try Self.start(
        folder.map { ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", $0] + command } ?? command,
        environment.map { "\($0.key)=\($0.value)" }, terminal)
    } catch {
      for descriptor in [keyboard, terminal] { close(descriptor) }
      throw error
    }
  }

  deinit {
    if status == nil {
      // The whole session: a shell's child too.
      kill(-process, SIGKILL)
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    for descriptor in [keyboard, terminal] { close(descriptor) }
  }

  /// `POSIX_SPAWN_SETSID` of glibc, which Swift does not see.
  private static let newSession: Int32 = 0x80

  /// A session of its own, whose terminal is the first that it opens.
  private static func start(
    _ arguments: [String], _ environment: [String], _ terminal: Int32
  ) throws(Failure) -> pid_t {
    var name = [CChar](repeating: 0, count: 128)
    guard ttyname_r(terminal, &name, name.count) == 0 else {
      throw Failure(description: "the pseudo-terminal has no name")
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor: Int32 in 0..<3 {
      posix_spawn_file_actions_addopen(&actions, descriptor, name, O_RDWR, 0)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(
      &attributes, Int16(newSession | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var (all, none) = (sigset_t(), sigset_t())
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    var argv = arguments.map { strdup($0) } + [nil]
    var envp = environment.map { strdup($0) } + [nil]
    defer { (argv + envp).forEach { free($0) } }
    var process: pid_t = 0
    let failure = posix_spawn(&process, arguments[0], &actions, &attributes, &argv, &envp)
    guard failure == 0 else {
      throw Failure(description: "\(arguments[0]) does not start: error \(failure)")
    }
    return process
  }

  // MARK: Typing and seeing

  /// Types; what comes meanwhile is taken in, for who types a lot sees as much.
  package func type(_ text: String) { type(Array(text.utf8)) }

  /// Types as a person does, who waits a moment after Escape: it and a key at once are that key with
  /// Alt.
  package func press(_ keys: String) {
    type(keys)
    guard keys.contains("\u{1B}") else { return }
    awaitReading()
    settle(seconds: 0.06, atMost: 0.12)
  }

  package func type(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      var source = pollfd(fd: keyboard, events: Int16(POLLIN | POLLOUT), revents: 0)
      guard poll(&source, 1, 5000) > 0 else { return }
      if source.revents & Int16(POLLIN) != 0 { look(seconds: 0) }
      guard source.revents & Int16(POLLOUT) != 0 else {
        if source.revents & Int16(POLLIN) == 0 { return }
        continue
      }
      // A terminal's queue is not larger; more at once would wait within the call.
      let count = rest.prefix(256).withUnsafeBytes { write(keyboard, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Changes the window's size; the kernel tells the program.
  package func resize(columns: Int, rows: Int) {
    var size = Self.windowSize(columns, rows)
    take()
    model.resize(columns: columns, rows: rows)
    _ = ioctl(keyboard, UInt(TIOCSWINSZ), &size)
  }

  /// What the terminal shows of what came so far.
  package var screen: ScreenModel {
    take()
    return model
  }

  private func take() {
    model.take(output[min(taken, output.count)...])
    taken = output.count
  }

  /// Seconds after which what does not come is taken not to come at all. A program on a machine that is
  /// busy with others answers late; only a test that fails waits so long.
  package static let patience = 60.0

  /// Looks until the screen is as wanted.
  /// - Returns: whether it was so in time.
  package func watch(
    seconds: Double = patience, until isAsWanted: (ScreenModel) -> Bool
  ) -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while !isAsWanted(screen) {
      let now = ContinuousClock.now
      guard now < end, status == nil else { return false }
      if !look(seconds: min(0.05, now.duration(to: end) / .seconds(1))) { reap() }
    }
    return true
  }

  /// Takes in what comes at so many bytes a second, as over a slow line.
  package func lookSlowly(bytesPerSecond: Int, seconds: Double) {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
      look(seconds: 0, atMost: max(1, bytesPerSecond / 50))
      usleep(20_000)
    }
  }

  package func send(signal: Int32) { kill(process, signal) }

  /// Waits for output and takes it in.
  /// - Returns: whether some came in time.
  @discardableResult
  package func look(seconds: Double, atMost limit: Int = 65_536) -> Bool {
    var source = pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0)
    guard poll(&source, 1, Int32((max(0, seconds) * 1000).rounded(.up))) > 0 else { return false }
    var buffer = [UInt8](repeating: 0, count: limit)
    let count = read(keyboard, &buffer, buffer.count)
    guard count > 0 else { return false }
    output += buffer[..<count]
    if let identity, buffer[..<count].contains(Array("\u{1B}[c".utf8)) { type(identity) }
    return true
  }

  /// Looks until what came since `start` is as wanted.
  /// - Returns: whether it was so in time.
  package func look(
    from start: Int = 0, seconds: Double = patience, until isAsWanted: (ArraySlice<UInt8>) -> Bool
  ) -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while !isAsWanted(output[min(start, output.count)...]) {
      let now = ContinuousClock.now
      guard now < end, status == nil else { return false }
      if !look(seconds: min(0.05, now.duration(to: end) / .seconds(1))) { reap() }
    }
    return true
  }

  /// Looks until nothing came for so long from a program that waits: one that has not read what was
  /// typed, or has no processor to go on with, only seems quiet.
  package func settle(seconds: Double = 0.05, atMost limit: Double = 5) {
    let end = ContinuousClock.now + .seconds(limit)
    while ContinuousClock.now < end, look(seconds: seconds) || hasUnread || wantsToRun {}
  }

  /// Looks until the program has read what was typed: what is typed next comes to it as another key.
  package func awaitReading() {
    let end = ContinuousClock.now + .seconds(Self.patience)
    while hasUnread, status == nil, ContinuousClock.now < end {
      if !look(seconds: 0.005) { reap() }
    }
  }

  /// Whether some of what was typed is still in the terminal's queue.
  private var hasUnread: Bool {
    var count: Int32 = 0
    return ioctl(terminal, UInt(FIONREAD), &count) == 0 && count > 0
  }

  /// Whether the program's first thread runs, or would if others did not: what the kernel says after
  /// the name, which stands in parentheses.
  private var wantsToRun: Bool {
    guard let file = fopen("/proc/\(process)/stat", "r") else { return false }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = fread(&bytes, 1, bytes.count, file)
    guard let end = bytes[..<count].lastIndex(of: UInt8(ascii: ")")), end + 2 < count else {
      return false
    }
    return bytes[end + 2] == UInt8(ascii: "R") || bytes[end + 2] == UInt8(ascii: "D")
  }

  /// Drops the bytes so far; the screen keeps what they drew.
  package func forget() {
    take()
    output = []
    taken = 0
  }

  /// Drops the bytes so far unseen: cheap, but the screen is none from then on.
  package func drop() {
    output = []
    taken = 0
  }

  // MARK: The end

  /// Waits for the end: the exit status, or 128 + the signal that killed it; nil: it goes on.
  package func exitStatus(within seconds: Double = patience) -> Int32? {
    let end = ContinuousClock.now + .seconds(seconds)
    while status == nil, ContinuousClock.now < end {
      look(seconds: 0.01)
      reap()
    }
    while look(seconds: 0) {}
    return status
  }

  private func reap() {
    var word: Int32 = 0
    guard status == nil, waitpid(process, &word, WNOHANG) == process else { return }
    let killer = word & 0x7F
    status = killer == 0 ? (word >> 8) & 0xFF : 128 + killer
  }

  /// Whether the terminal's modes are those it had before the program started.
  package var modesAreBack: Bool {
    let (now, before) = (Self.modes(of: terminal), modesBefore)
    return now.c_iflag == before.c_iflag && now.c_oflag == before.c_oflag
      && now.c_cflag == before.c_cflag && now.c_lflag == before.c_lflag
      && withUnsafeBytes(of: now.c_cc, Array.init) == withUnsafeBytes(of: before.c_cc, Array.init)
  }

  private static func modes(of terminal: Int32) -> termios {
    var modes = termios()
    tcgetattr(terminal, &modes)
    return modes
  }

  private static func windowSize(_ columns: Int, _ rows: Int) -> winsize {
    winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
  }
}
