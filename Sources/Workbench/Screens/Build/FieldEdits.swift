import Datasets
import NeuralNets
import TerminalGraphics

/// What can be done to the fields of the inspector.
extension AppState {
  var inspectorFields: [InspectorField] {
    InspectorField.all(of: buildLine, workpiece, all: build.showsAll)
  }

  /// The chosen field; nil for a layer that has none.
  var chosenField: InspectorField? {
    let fields = inspectorFields
    return fields.isEmpty ? nil : fields[max(0, min(build.field, fields.count - 1))]
  }

  mutating func stepField(_ direction: Int) {
    guard let field = chosenField else { return }
    step(field, direction)
  }

  mutating func step(_ field: InspectorField, _ direction: Int) {
    if field.place == .more { return build.showsAll.toggle() }
    guard let next = field.stepped(direction, workpiece) else {
      return say("\(field.label) is \(field.text): \(field.expectation)", .warning)
    }
    give(next, to: field)
  }

  /// Opens a field: a list of names, a switch, or a line to type into.
  mutating func openField() {
    guard let open = chosenField else { return }
    if case .boolean = open.spec.kind { return stepField(1) }
    if let choices = open.choices {
      overlay = .menu(
        Menu(
          open.label, choices.map { (label: $0, detail: open.note(on: $0)) },
          selected: choices.firstIndex(of: open.text) ?? 0
        ) { index, state in
          state.give(open.value(ofChoice: choices[index]), to: open)
          return []
        })
      return
    }
    // A value that is written shorter than it is would be taken for what is typed.
    let isWhole = open.parsed(open.text) == open.value
    var line = TextField(
      open.label, text: isWhole ? open.text : "", allows: open.allowedCharacters
    ) { text, state in
      // Nothing typed leaves the value; a name is taken away so.
      if text.trimmed.isEmpty, open.spec.kind != .text { return [] }
      guard let value = open.parsed(text) else {
        state.refuse(text, for: open)
        return []
      }
      state.give(value, to: open)
      return []
    }
    line.isReplaced = isWhole
    field = line
  }

  private mutating func give(_ value: ArgumentValue, to field: InspectorField) {
    var fits = true
    edit { workpiece in
      do { try field.set(value, in: &workpiece) } catch { fits = false }
    }
    if !fits { refuse(SettingText.value(value), for: field) }
  }

  private mutating func refuse(_ text: String, for field: InspectorField) {
    say("\(field.label) is to be \(field.expectation); found \(text)", .warning)
  }
}

/// A few words on what one can choose.
enum ChoiceNotes {
  private static let notes: [String: String] = [
    "linear": "as it is", "relu": "max(0, x)", "sigmoid": "1 / (1 + e⁻ˣ): between 0 and 1",
    "softmax": "shares that sum to 1", "tanh": "between −1 and 1",
    "glorot_uniform": "even within ±√(6 / (in + out))",
    "glorot_normal": "normal, σ = √(2 / (in + out))",
    "he_uniform": "even within ±√(6 / in), for relu",
    "he_normal": "normal, σ = √(2 / in), for relu",
    "orthogonal": "at right angles, of length 1", "zeros": "all 0", "ones": "all 1",
    "Adam": "steps of its own for each weight", "SGD": "w ← w − lr g",
    "valid": "no border", "same": "a border of zeros keeps the size", "None": "nothing of the kind",
    "causal": "zeros before the first time step only",
    "channels_last": "channels are the last axis",
    "channels_first": "channels are the first axis", "max": "the largest", "mean": "the mean",
    "sum": "the sum", "concat": "side by side", "mul": "the product", "ave": "the mean",
    "int": "a number for each", "multi_hot": "1 for each that occurs", "one_hot": "1 at its place",
    "count": "how often each occurs", "dot": "products, summed",
    "nearest": "the nearest number", "bilinear": "between four numbers, in proportion",
    "bicubic": "a smooth curve through sixteen numbers", "reflect": "the picture, mirrored",
    "wrap": "the picture once more", "constant": "one number everywhere",
    "horizontal": "left and right", "vertical": "up and down",
    "horizontal_and_vertical": "both ways",
    "float32": "24 bits of a number count",
    "sparse_categorical_crossentropy": "class numbers, n probabilities",
    "categorical_crossentropy": "one-hot classes, n probabilities",
    "binary_crossentropy": "0 or 1, one probability", "mean_squared_error": "numbers",
  ]

  static func note(on choice: String) -> String { notes[choice] ?? "" }
}
