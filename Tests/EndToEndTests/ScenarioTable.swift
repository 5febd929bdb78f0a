import Foundation

private let keras = """
  import keras
  from keras import layers

  model = keras.Sequential([
      keras.Input(shape=(64,)),
      layers.Dense(7, activation="tanh"),
      layers.Dense(10, activation="softmax"),
  ])
  model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
  """

private let up = "\u{1B}OA"
// Arrows as a terminal sends them to a program that asked for its keypad.
private let down = "\u{1B}OB"
private let escape = "\u{1B}"
private let pageDown = "\u{1B}[6~"

/// Words that stay on a screen whatever is on it: the titles of its panels.
private let onBuild = "Keras code"
private let onTrain = "Settings"
private let onStep = "Timeline"
private let onData = "Data sets"
private let onLearn = "Course"

extension Scenario {
  static let all: [Scenario] = terminals + mouse + work + steps + input + windows + ends + restarts

  // MARK: Terminals

  private static let names = [
    "xterm-256color", "xterm", "xterm-16color", "tmux-256color", "screen", "screen-256color",
    "linux", "vt100", "rxvt-unicode-256color", "konsole-256color", "alacritty",
  ]

  private static let terminals: [Scenario] =
    names.map { name in
      Scenario(
        name: "all screens on \(name)", term: name,
        steps: [
          .type("3"), .see(onBuild), .type("4"), .see(onTrain), .type(" "), .see("pause"),
          .type(" "), .miss("pause"), .type("5"), .see(onStep), .type(".,"), .type("6"),
          .see(onData), .type("2"), .see(onLearn), .type("?"), .see("Help"), .type(escape),
          .miss("Help"), .type("1"), .see("quit"),
        ])
    } + [
      Scenario(
        name: "a terminal that nobody knows is refused in words", term: "no-such-terminal",
        steps: [.see("not known here")], status: 2, staysOpen: false),
      Scenario(
        name: "without colors", environment: ["NO_COLOR": "1"],
        steps: [.type("4"), .see(onTrain), .type(" "), .see("pause"), .type(" ")]),
      Scenario(
        name: "in a locale without characters", environment: ["LANG": "C", "LC_ALL": "C"],
        steps: [.type("3"), .see(onBuild), .type("4"), .see(onTrain), .type("5"), .see(onStep)]),
      Scenario(
        name: "24-bit colors", environment: ["COLORTERM": "truecolor"],
        steps: [.type("4"), .see(onTrain), .type(" "), .see("pause"), .type(" "), .type("6d")]),
    ]

  // MARK: The mouse

  private static let mouse: [Scenario] = [
    Scenario(
      name: "a click on the top line goes to a screen",
      steps: [
        .click(on: "3 Build"), .see(onBuild), .click(on: "6 Data"), .see(onData),
        .click(on: "4 Train"), .see(onTrain),
      ]),
    Scenario(
      name: "a click on a hint does what its key does",
      steps: [.type("3"), .see(onBuild), .click(on: "? help"), .type("?"), .see("Help")]),
    Scenario(
      name: "runs are kept, listed on the seventh screen, marked, deleted and brought back",
      steps: [
        .type("7"), .see("No run is kept yet"), .type("t"), .see(onTrain), .type("7"), .see("r1"),
        .type(" "), .see("1 marked of 1"), .type("t"), .miss("marked of"), .type("7"), .see("r2"),
        .type("k "), .see("2 marked of 2"), .see("What differs"), .type("jx"), .see("r1 deleted"),
        .see("1 marked of 1"), .type("u"), .see("undone: r1 deleted"), .see("2 marked of 2"),
      ]),
    Scenario(
      name: "the wheel moves the choice",
      steps: [
        .type("6"), .see(onData), .see("▶"), .wheel(up: false, 10, 10, times: 3),
        .wheel(up: true, 10, 10, times: 30), .see("▶"),
      ]),
    Scenario(
      name: "a digit is drawn with the mouse",
      steps: [
        .type("6"), .see(onData), .type("d"), .see("Draw"), .see("Nothing is drawn yet"),
        .drag([(12, 5), (20, 5), (28, 5), (28, 8), (24, 11), (20, 14), (16, 17)]),
        .see("reads"), .type("t"), .see("pause"), .wait(0.5), .type("t"), .see("train"),
        .type(escape), .see(onData),
      ]),
    Scenario(
      name: "the mouse anywhere, with any button",
      steps: [
        .type("4"), .see(onTrain),
        .type((0..<40).map { "\u{1B}[<\($0 % 3);\($0 * 3 + 1);\($0 % 36 + 1)M" }.joined()),
        .type((0..<40).map { "\u{1B}[<\(32 + $0 % 3);\($0 * 7);\($0)m" }.joined()),
        .type("\u{1B}[<0;9999;9999M\u{1B}[<;;M\u{1B}[<x"), .type(escape), .type(escape),
        .type("3"), .see(onBuild),
      ]),
  ]

  // MARK: Work

  private static let work: [Scenario] = [
    Scenario(
      name: "the tour, by Enter",
      steps: [
        .type("\r"), .see("tour"), .type("\r"), .wait(0.5), .type("\r"), .wait(0.5), .type("\r"),
        .wait(0.5), .type(escape), .see("1 Home"),
      ]),
    Scenario(
      name: "a lesson is read and a question answered wrongly, then rightly",
      steps: [
        .see("One neuron"), .type("l"), .see("page 1 of"), .type(pageDown),
        .see("Predict a sum", "-0.94"),
        .type("\r"), .see("stop typing"), .type("999\r"), .see("×"), .type(pageDown),
        .type("2"), .type("1"), .see("quit"),
      ]),
    Scenario(
      name: "Keras code is pasted and becomes the network",
      steps: [
        .type("3"), .see(onBuild), .paste(keras), .see("tanh"), .see("7"), .type("4"),
        .see(onTrain), .type("."), .type("."), .see("64-7-10"),
      ]),
    Scenario(
      name: "a convolutional network by keys",
      steps: [
        .type("3"), .see(onBuild), .type("T"), .see("─ Templates"), .wait(0.3),
        .type(down), .type(down), .wait(0.2), .type("\r"), .see("Conv2D"), .type("u"),
        .miss("Conv2D"),
        .type("U"), .see("Conv2D"),
      ]),
    Scenario(
      name: "undo and redo on Build and Data",
      steps: [
        .type("3"), .see(onBuild), .see("6,570"), .type("d"), .miss("6,570"), .type("u"),
        .see("6,570"), .type("U"), .miss("6,570"), .type("6"), .see(onData), .type("n"),
        .type("u"), .type("3"), .see(onBuild), .type("u"), .see("6,570"),
      ]),
    Scenario(
      name: "help is searched and does what is chosen",
      steps: [
        .type("4"), .see(onTrain), .type("?"), .see("Help"), .type("zoom"), .type("\r"),
        .miss("Help"), .type("1"), .see("quit"),
      ]),
    Scenario(
      name: "a command by name, and a reply of the debugger",
      steps: [
        .type("4"), .see("900"), .type("."), .type(":"), .see("▏"), .type("info digest\r"),
        .see("digest"), .type(":"), .type("print no_such\r"), .see("no value"), .type(escape),
        .miss("no value"),
        .type("1"), .see("quit"),
      ]),
    Scenario(
      name: "code is written to a file and opened again",
      steps: [
        .type("3"), .see(onBuild), .type(":save mine.py\r"), .file("mine.py", has: "keras"),
        .type("1:open mine.py\r"), .see(onBuild),
      ]),
    Scenario(
      name: "weights are written to a file",
      steps: [
        .type("4"), .see("900"), .type("..."), .type("w"), .see("save weights as"),
        .type("\r"), .file("weights.safetensors", has: ""),
      ]),
    Scenario(
      name: "a file given on the command line opens", arguments: ["mine.py"],
      files: ["mine.py": keras], steps: [.see(onBuild), .see("tanh")]),
    Scenario(
      name: "a bad file given on the command line is told, and the lab is there",
      arguments: ["bad.py"], files: ["bad.py": "model = Desne(4)\n"],
      steps: [.see("Desne"), .type("3"), .see(onBuild)]),
    Scenario(
      name: "a file that is not there ends with 66", arguments: ["none.py"],
      steps: [.see("no such file")], status: 66, staysOpen: false),
    Scenario(
      name: "another data set, and a network for it",
      steps: [
        .type("6"), .see(onData), .type("/"), .type("moons\r"), .type("\r"), .type("4"),
        .see(onTrain), .type(" "), .see("pause"), .type(" "),
      ]),
  ]

  // MARK: Steps

  private static let steps: [Scenario] = [
    Scenario(
      name: "forward and back: every number is as it was",
      steps: [
        .type("4"), .see("900"), .type("...."), .type("5"), .see(onStep), .type(".."),
        .type(":info digest\r"), .see("digest"), .note("here", after: "digest "),
        .type("..."), .type(":info digest\r"), .other("here", after: "digest "), .type(",,,"),
        .type(":info digest\r"), .same("here", after: "digest "),
      ]),
    Scenario(
      name: "a step gone through by phases",
      steps: [
        .type("4"), .see("900"), .type(".."), .type("5"),
        .see("2 steps done"), .note("end", after: "2 steps"), .type("<"),
        .other("end", after: "2 steps"), .type(">"), .same("end", after: "2 steps"),
      ]),
    Scenario(
      name: "paces, replay and start over while it trains",
      steps: [
        .type("4"), .see(onTrain), .type(" "), .see("pause"), .type("++--F"), .type("<>"),
        .wait(0.3), .type("y"), .wait(0.2), .type("r"), .wait(0.2), .type(" "), .type("5"),
        .see(onStep),
      ]),
  ]

  // MARK: Input of any kind

  private static let junk = String(
    decoding: (0..<3000).map { UInt8(($0 * 37 + 11) % 95 + 32) }, as: UTF8.self)

  private static let input: [Scenario] = [
    Scenario(
      name: "junk pasted on every screen does nothing",
      steps: ["1", "2", "3", "4", "5", "6"].flatMap { screen -> [Step] in
        [.type(screen), .wait(0.1), .paste(junk), .type(escape)]
      } + [.type("4"), .see(onTrain)]),
    Scenario(
      name: "a paste of control characters and of bytes that are no text",
      steps: [
        .type("3"), .see(onBuild), .paste("\u{1}\u{2}\u{7}\u{9B}31m\u{0}\u{FFFD}\n\n\n"),
        .type("\u{9B}31m\u{FF}\u{1B}[999;999;999z\u{1B}O\u{1B}[1;9R\u{1B}]0;x\u{7}"), .wait(0.2),
        .type(escape), .type(escape), .type("4"), .see(onTrain),
      ]),
    Scenario(
      name: "a paste that never ends",
      steps: [
        .type("3"), .see(onBuild), .type("\u{1B}[200~abc"), .wait(0.2), .type("\u{1B}[201~"),
        .type(escape), .type("4"), .see(onTrain),
      ]),
    Scenario(
      name: "keys faster than anybody types",
      steps: [
        .type("4"), .see(onTrain), .type(String(repeating: ".,", count: 300)),
        .type(String(repeating: down + up, count: 200)), .type("3"), .see(onBuild),
      ]),
    Scenario(
      name: "a reader of 2,000 bytes a second",
      steps: [
        .type("4"), .wait(0.2), .type(" "), .slowly(bytes: 2000, seconds: 2), .type("3"),
        .slowly(bytes: 2000, seconds: 1), .see(onBuild),
      ]),
  ]

  // MARK: Windows

  private static let windows: [Scenario] = [
    Scenario(
      name: "a storm of 200 sizes",
      steps: [.type("4"), .see(onTrain), .storm(count: 200), .see(onTrain), .see("1 Home")]),
    Scenario(
      name: "a storm while it trains",
      steps: [
        .type("4"), .see(onTrain), .type(" "), .see("pause"), .storm(count: 60), .see(onTrain),
        .type(" "), .miss("pause"),
      ]),
    Scenario(
      name: "the smallest window", size: (60, 16),
      steps: [.type("3"), .see("Build"), .type("4"), .see("Train"), .type("5"), .type("6")]),
    Scenario(
      name: "80 × 24", size: (80, 24),
      steps: [
        .type("3"), .see("Layers"), .type("4"), .see("900"), .type("5"), .see(onStep),
        .type("6"), .see(onData),
      ]),
    Scenario(
      name: "a large window", size: (200, 60),
      steps: [.type("4"), .see(onTrain), .type(" "), .see("pause"), .type(" "), .type("5")]),
    Scenario(
      name: "too small, and large again", size: (40, 10),
      steps: [.see("too small"), .resize(120, 36), .see("1 Home"), .type("3"), .see(onBuild)]),
  ]

  // MARK: Ends

  private static func end(_ name: String, _ signal: Int32, _ status: Int32) -> Scenario {
    Scenario(
      name: "\(name) while it trains",
      steps: [.type("4"), .see(onTrain), .type(" "), .see("pause"), .signal(signal)],
      status: status, staysOpen: false)
  }

  private static let ends: [Scenario] = [
    end("TERM", SIGTERM, 143), end("HUP", SIGHUP, 129), end("INT", SIGINT, 130),
    end("QUIT", SIGQUIT, 143),
    Scenario(
      name: "^C on every screen leaves", steps: [.type("4"), .see(onTrain), .type("\u{3}")],
      staysOpen: false),
    Scenario(
      name: "WINCH and CONT out of the blue",
      steps: [
        .signal(SIGWINCH), .signal(SIGCONT), .signal(SIGWINCH), .type("3"), .see(onBuild),
      ]),
  ]

  // MARK: Restarts

  /// A wider network, eight steps with another learning rate, one step back.
  private static let work8: [Step] = [
    .type("3"), .see(onBuild), .see("6,570"), .type("d"), .miss("6,570"), .type("4"),
    .see("900"), .type("....."), .type(">"), .type("..."), .type(","), .type("5"),
    .see("7 steps done"), .type(":info digest\r"),
    .see("digest"), .note("digest", after: "digest "),
  ]

  private static let isBack: [Step] = [
    .see(onStep), .see("7 steps done"),
    .type(":info digest\r"), .same("digest", after: "digest "), .type("3"), .see(onBuild),
    .miss("6,570"),
  ]

  private static func restart(_ name: String, _ way: Way) -> Scenario {
    // What may be lost is a second.
    let pause: [Step] = if case .signal(SIGKILL) = way { [.wait(1.3)] } else { [] }
    return Scenario(
      name: "everything is back after \(name)", steps: work8 + pause + [.restart(way)] + isBack)
  }

  private static let restarts: [Scenario] = [
    restart("q", .key), restart("TERM", .signal(SIGTERM)), restart("HUP", .signal(SIGHUP)),
    restart("INT", .signal(SIGINT)), restart("kill -9", .signal(SIGKILL)),
    Scenario(
      name: "two labs at once, and nothing of either is lost",
      steps: [
        .type("4"), .see("900"), .type("..."), .wait(0.3), .second, .type("3"), .see(onBuild),
        .type("d"), .type("4"), .see("900"), .type("...."), .wait(0.3), .first, .type(".."),
        .wait(0.3), .type("1"), .see("r1", "r2"),
      ]),
  ]
}
