import Foundation
import TestSupport
import Testing

private let model = """
  import keras
  from keras import layers
  model = keras.Sequential([keras.Input((64,)), layers.Dense(16, activation="relu"),
                            layers.Dense(10, activation="softmax")])
  model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
  """

private let files = [
  "model.py": model, "bad.py": "model = Desne(4)\n",
  "outside.py": "import numpy as np\nx = np.load(\"/etc/passwd\")\n",
  "escape.py": "\u{1b}[31m = 4\n", "empty.csv": "", "note.txt": "",
]

/// A command line, its exit code, and words that it says on standard output or standard error.
struct Expectation: CustomTestStringConvertible {
  let arguments: [String]
  let status: Int32
  let output: String
  let errors: String

  init(_ line: String, _ status: Int32, says output: String = "", complains errors: String = "") {
    arguments = line.split(separator: " ").map(String.init)
    self.status = status
    self.output = output
    self.errors = errors
  }

  var testDescription: String { "backstep " + arguments.joined(separator: " ") }

  static let all = [
    Expectation("", 2, complains: "not a terminal"),
    Expectation("trian model.py", 64, complains: "did you mean \"train\"?"),
    Expectation("nothing.py", 66, complains: "nothing.py: no such file"),
    Expectation("--help", 0, says: "run"),
    Expectation("--version", 0, says: "backstep 0."),
    Expectation("train --help", 0, says: "Example: backstep train"),
    Expectation("run --help", 0, says: "Example: backstep run"),
    Expectation("--generate-completion-script bash", 0, says: "backstep"),
    Expectation("run missing.py", 66, complains: "missing.py: no such file"),
    Expectation("run note.txt", 65, complains: "not a .py file"),
    Expectation("run bad.py", 65, complains: "bad.py:1:9: the name \"Desne\""),
    Expectation("run outside.py", 65, complains: "outside the program's folder"),
    Expectation("run escape.py", 65, complains: "\\x1b[31m"),
    Expectation("summary model.py", 0, says: "Total params: 1,210"),
    Expectation("summary bad.py", 65, complains: "    model = Desne(4)\n            ^~~~~"),
    Expectation("train model.py", 64, complains: "--data"),
    Expectation("train model.py --data digts", 66, complains: "did you mean \"digits\"?"),
    Expectation("train model.py --data iris", 65, complains: "64"),
    Expectation("train model.py --data none.csv", 66, complains: "none.csv"),
    Expectation("train model.py --data empty.csv", 65, complains: "empty.csv"),
    Expectation("train model.py --data digits --epochs x", 64),
    Expectation("train model.py --data digits --validation-split 1", 64),
    Expectation("train model.py --data digits --save no/w.npz", 74, complains: "no/w.npz"),
    Expectation("train model.py --data digits --save w.h5", 65, complains: ".safetensors"),
    Expectation("train model.py --data digits --threads 0", 64, complains: "--threads"),
    Expectation("evaluate model.py --weights none.npz --data digits", 66, complains: "none.npz"),
    Expectation("predict model.py --weights none.npz --data digits -o x.doc", 64),
    Expectation("debug model.py", 65, complains: "--data"),
    Expectation("debug model.py --data digits -e list", 0, says: "forward  dense"),
    Expectation("debug model.py --data digits -x none -e list", 66, complains: "none: no such"),
    Expectation("debug model.py --data digits --threads 0 -e list", 64, complains: "--threads"),
    Expectation("debug model.py --data digits --batch-size 0", 64, complains: "--batch-size"),
    Expectation("debug missing.py --data digits", 66, complains: ": missing.py: no such file"),
    Expectation("debug model.py --data digits --quiet --color never -e si --json", 0, says: "{"),
    Expectation("data list", 0, says: "spiral"),
    Expectation("data show iris", 0, says: "sepal length"),
    Expectation("data show nothing", 66, complains: "there is no data set 'nothing'"),
    Expectation("data export spiral -o no/x.npz", 74, complains: "no/x.npz"),
    Expectation("data import note.txt", 65, complains: "note.txt"),
    Expectation("data show spiral --arms 3 --features x1^2,sin_x1", 0, says: "sin x₁"),
    Expectation("data show iris:balance=setosa:0.2 --label-noise 0.1", 0, says: "setosa"),
    Expectation("data show spiral:arms=x", 65, complains: "arms is a number"),
    Expectation("data show spiral --features x1^3", 64, complains: "x1^2"),
    Expectation("data show none.csv:missing=mean", 66, complains: "none.csv: no such file"),
    Expectation("data export moons:noise=0.3 -o x.doc", 64, complains: ".npz"),
    Expectation("data remove nothing", 66, complains: "nothing"),
    Expectation("runs list", 0, says: "no runs yet"),
    Expectation("runs show r1", 66, complains: "no run r1"),
    Expectation("runs show run", 64, complains: "'run' is not a run"),
    Expectation("lessons", 0, says: "one-neuron"),
    Expectation("lesson nowhere", 66, complains: "there is no lesson 'nowhere'"),
    Expectation("check iris model.py", 0, says: "iris: ok\nmodel.py: ok\n"),
    Expectation("check bad.py", 1, says: "bad.py:1:9"),
  ]
}

@Suite("Commands", .waitsForPrograms)
struct CommandTests {
  @Test("A command line ends with its code and says what is right", arguments: Expectation.all)
  func commandLine(expected: Expectation) throws {
    let backstep = try Backstep(files: files)
    defer { backstep.remove() }
    let result = try backstep.run(expected.arguments)
    #expect(result.status == expected.status, "\(result.errors)")
    #expect(expected.output.isEmpty || result.output.contains(expected.output), "\(result.output)")
    #expect(expected.errors.isEmpty || result.errors.contains(expected.errors), "\(result.errors)")
    #expect(!result.errors.unicodeScalars.contains { $0.value == 0x1b })
    if expected.status > 2 { #expect(!result.errors.isEmpty && result.output.isEmpty) }
  }

  @Test("A lesson that somebody is writing is checked where it lies, by its folder's path")
  func checksFolder() throws {
    let backstep = try Backstep()
    defer { backstep.remove() }
    let lesson = backstep.folder.appending(path: "drafts/40-springs")
    try FileManager.default.createDirectory(at: lesson, withIntermediateDirectories: true)
    let head = "---\ntitle: Springs\nminutes: 5\nsummary: One.\n---\n"
    let text = head + "\n## Page\n\n```{ask}\nid: a\n```\n"
    try Data(text.utf8).write(to: lesson.appending(path: "lesson.md"))
    let result = try backstep.run(["check", "drafts/40-springs"])
    #expect(result.status == 1)
    #expect(result.output.contains("40-springs/lesson.md:9"), "\(result.output)")
  }

  @Test("Training reports JSON lines, keeps weights that evaluate and predict read, and records")
  func training() throws {
    let backstep = try Backstep(files: files)
    defer { backstep.remove() }
    let line = [
      "train", "model.py", "--data", "digits", "--epochs", "6", "--seed", "3", "--batch-size",
      "100", "--validation-split", "0.2", "--save", "w.safetensors", "--json", "--every", "step",
      "--name", "first",
    ]
    let events = try backstep.run(line).objects()
    #expect(
      events.map { $0["event"] as? String ?? "" }.filter { $0 != "step" } == [
        "start", "epoch", "epoch", "epoch", "epoch", "epoch", "epoch", "end",
      ])
    let steps = events.filter { $0["event"] as? String == "step" }
    #expect(steps.compactMap { $0["step"] as? Int } == Array(1...90))
    #expect(steps.allSatisfy { $0["loss"] is Double && $0["accuracy"] is Double })
    let end = try #require(events.last)
    for name in ["val_loss", "val_accuracy", "samples_per_second", "wall_seconds"] {
      #expect(end[name] is Double, "\(name)")
    }
    #expect(end["run"] as? String == "r1")
    let again = try backstep.run(line.dropLast(2) + ["--no-record"]).objects()
    #expect(
      again.compactMap { $0["loss"] as? Double } == events.compactMap { $0["loss"] as? Double })

    let weights = ["--weights", "w.safetensors", "--data", "digits"]
    let judged = try backstep.run(["evaluate", "model.py", "--json"] + weights).objects()
    #expect(judged.count == 1 && (judged[0]["accuracy"] as? Double ?? 0) > 0.25)
    let outputs = try backstep.run(["predict", "model.py", "--json"] + weights).objects()
    #expect(outputs.count == 1797)
    #expect((outputs[0]["output"] as? [Double])?.count == 10)
    let runs = try backstep.run(["runs", "list", "--json"]).objects()
    #expect(runs.count == 1 && runs[0]["name"] as? String == "first")
    #expect(try backstep.run(["runs", "remove", "r1"]).status == 0)
    #expect(try backstep.run(["runs", "list", "--json"]).objects().isEmpty)
  }

  @Test("No name in the record steers the terminal")
  func controlCharacters() throws {
    let backstep = try Backstep(files: files)
    defer { backstep.remove() }
    let line = [
      "train", "model.py", "--data", "digits", "--epochs", "0", "--name", "a\u{1b}[31mb",
    ]
    #expect(try backstep.run(line).status == 0)
    #expect(try backstep.run(["runs", "list"]).output.contains("a\\x1b[31mb"))
    let shown = try backstep.run(["runs", "show", "r1"]).output
    #expect(shown.contains("a\\x1b[31mb") && !shown.contains("\u{1b}"))
  }

  @Test("A run that diverges says null, and its moments are the same by any route")
  func diverging() throws {
    let backstep = try Backstep(files: files)
    defer { backstep.remove() }
    let line = ["debug", "model.py", "--data", "digits", "--seed", "1", "--json"]
    let rate = ["-e", "set learning_rate = 1e38", "-e"]
    let straight = try backstep.run(
      line + rate + ["goto step 9", "-e", "print sum(dense/kernel)", "-e", "info digest"])
    #expect(straight.status == 0 && straight.output.contains("\"value\": null"))
    let route = ["goto step 30", "-e", "back 2 epoch", "-e", "goto step 9", "-e", "info digest"]
    let roundabout = try backstep.run(line + ["--threads", "2"] + rate + route).objects()
    #expect(
      try straight.objects().last?["digest"] as? String == roundabout.last?["digest"] as? String)
  }

  @Test("A seed is that of the weights: what a program draws by itself is the same for each")
  func seeds() throws {
    let program = """
      import keras
      import numpy as np
      x = np.random.rand(8, 2)
      model = keras.Sequential([keras.Input(shape=(2,)), keras.layers.Dense(1)])
      model.compile(optimizer="sgd", loss="mse")
      model.fit(x, x[:, :1], epochs=2, batch_size=8, shuffle=False)
      """
    let backstep = try Backstep(files: ["drawn.py": program])
    defer { backstep.remove() }
    let found = try ["1", "2"].map { seed in
      try backstep.run([
        "debug", "drawn.py", "--seed", seed, "--json", "-e", "step", "-e", "print sum(input)", "-e",
        "print sum(dense/kernel)",
      ]).objects().compactMap { $0["value"] as? Double }
    }
    #expect(found[0].count == 2 && found[1].count == 2)
    #expect(found[0][0] == found[1][0] && found[0][1] != found[1][1])
  }

  @Test("^C ends training with 130, and what was trained is kept")
  func interrupt() throws {
    let backstep = try Backstep(files: files)
    defer { backstep.remove() }
    let result = try backstep.run(
      [
        "train", "model.py", "--data", "digits", "--epochs", "1000000", "--save", "w.npz",
        "--json",
      ], interruptAfter: 1, isTrainingFirst: true)
    #expect(result.status == 130, "\(result.errors)")
    #expect(try result.objects().last?["stopped"] as? Bool == true)
    #expect(
      FileManager.default.fileExists(atPath: backstep.folder.appending(path: "w.npz").path))
    let runs = try backstep.run(["runs", "list", "--json"]).objects()
    #expect(runs.first?["status"] as? String == "stopped")
  }

  @Test("A run that was killed shows as stopped, with what it had come to a second before")
  func killed() throws {
    let backstep = try Backstep(files: files)
    defer { backstep.remove() }
    let result = try backstep.run(
      ["train", "model.py", "--data", "digits", "--epochs", "1000000", "--json"], killAfter: 3,
      isTrainingFirst: true)
    #expect(result.status == 137)
    let runs = try backstep.run(["runs", "list", "--json"]).objects()
    #expect(runs.first?["status"] as? String == "stopped")
    #expect(runs.first?["steps"] as? Int ?? 0 > 0)
    #expect(runs.first?["loss"] is Double)
  }

  @Test("An imported file is a data set with a name, and an exported one reads back")
  func importing() throws {
    let table =
      "a,b,kind\n" + (0..<20).map { "\($0),\($0 % 3),\($0 % 2 == 0 ? "x" : "z")\n" }.joined()
    let backstep = try Backstep(files: ["mine.csv": table])
    defer { backstep.remove() }
    #expect(try backstep.run(["data", "import", "mine.csv"]).status == 0)
    let shown = try backstep.run(["data", "show", "mine", "--json"]).objects()
    #expect(shown[0]["classes"] as? [String] == ["x", "z"])
    #expect(try backstep.run(["data", "export", "mine", "-o", "out.npz"]).status == 0)
    let back = try backstep.run(["data", "show", "out.npz", "--json"]).objects()
    #expect(back[0]["examples"] as? Int == 20)
    #expect(back[0]["fingerprint"] as? String == shown[0]["fingerprint"] as? String)
  }
}
