import NeuralNets

/// What commands need that lies outside of the run: programs, data sets, Keras's notation. Whoever
/// runs the lab gives it, and with it what may be read.
package struct Workshop: Sendable {
  /// A layer as Keras writes it: `Dense(8, activation="relu")`.
  package var layer: @Sendable (String) throws -> Component
  /// The run that a program describes; one that fits its model to nothing goes on with the data of
  /// the settings at hand.
  package var program: @Sendable (_ name: String, RunSettings) throws -> RunSettings
  /// The settings with a data set or a file of that name in place of the data they have.
  package var data: @Sendable (_ name: String, RunSettings) throws -> RunSettings
  /// The lines of the network as a program of another kind: `pytorch`, `keras`.
  package var code: @Sendable (_ format: String, Session) throws -> [String]

  package init(
    layer: @escaping @Sendable (String) throws -> Component,
    program: @escaping @Sendable (String, RunSettings) throws -> RunSettings,
    data: @escaping @Sendable (String, RunSettings) throws -> RunSettings,
    code: @escaping @Sendable (String, Session) throws -> [String]
  ) {
    (self.layer, self.program, self.data, self.code) = (layer, program, data, code)
  }
}

/// A command that makes the run another one, other settings, other layers, another program; or shows
/// it as one.
package enum RunCommand: Hashable, Sendable {
  case set(SettingPatch)
  /// A layer as Keras writes it, and where.
  case add(String, LayerPlace)
  /// The layer of a name.
  case remove(String)
  case load(String)
  case restart
  /// The network as a program of another kind, shown.
  case export(String)

  package enum LayerPlace: Hashable, Sendable {
    case first, last
    case after(String)
  }

  static let words = ["add", "remove", "load", "restart", "export"]

  static let guide: [(form: String, does: String)] = [
    (
      "set SETTING = VALUE",
      "batch_size, epochs, seed, shuffle, optimizer, loss, activation, dropout, data, scale"
    ),
    (
      "set LAYER.ARGUMENT = VALUE",
      "as dense.units = 4, dense.activation = tanh; also optimizer.momentum = 0.9"
    ),
    (
      "set LAYER.kernel_regularizer = L2(X)",
      "a penalty: L1(x), L2(x), L1L2(l1=, l2=), None; dropout.rate = 0.3"
    ),
    ("set callbacks = None", "the run goes on to its last epoch; or EarlyStopping.patience = 5"),
    ("add LAYER [after NAME]", "add Dense(8, activation=\"relu\") after dense; also first"),
    ("remove NAME", "takes a layer out of the network"),
    ("load FILE", "another program in place of this one"),
    ("restart", "from step 0 with the settings at hand, also those set by hand"),
    ("export FORMAT", "shows the network as a program: keras, pytorch"),
  ]

  /// - Returns: nil when the first word is none of these commands.
  /// - Throws: `DebuggerCommand.Failure` when the rest does not fit.
  init?(_ word: String, _ rest: String) throws(DebuggerCommand.Failure) {
    switch word {
    case "add": self = try Self.adding(rest)
    case "remove":
      guard !rest.isEmpty, !rest.contains(where: \.isWhitespace) else {
        throw DebuggerCommand.Failure("remove '\(rest)'", remedy: "remove dense_1")
      }
      self = .remove(rest)
    case "load":
      guard !rest.isEmpty else {
        throw DebuggerCommand.Failure("load of nothing", remedy: "load model.py")
      }
      self = .load(rest)
    case "restart":
      guard rest.isEmpty else {
        throw DebuggerCommand.Failure("restart '\(rest)'", remedy: "restart")
      }
      self = .restart
    case "export":
      guard !rest.isEmpty else {
        throw DebuggerCommand.Failure("export to nothing", remedy: "export pytorch")
      }
      self = .export(rest)
    default: return nil
    }
  }

  /// `Dense(8) after dense`, `Dense(8) first`, `Dense(8)`.
  private static func adding(_ text: String) throws(DebuggerCommand.Failure) -> RunCommand {
    guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"), open < close,
      open > text.startIndex
    else {
      throw DebuggerCommand.Failure(
        "add '\(text)'", remedy: "add Dense(8, activation=\"relu\") after dense")
    }
    let layer = String(text[...close])
    let words = text[text.index(after: close)...].split(whereSeparator: \.isWhitespace)
      .map(String.init)
    switch (words.first, words.count) {
    case (nil, _): return .add(layer, .last)
    case ("first", 1): return .add(layer, .first)
    case ("last", 1): return .add(layer, .last)
    case ("after", 2): return .add(layer, .after(words[1]))
    default:
      throw DebuggerCommand.Failure(
        "'\(words.joined(separator: " "))' behind the layer", remedy: "after dense, first or last")
    }
  }
}
