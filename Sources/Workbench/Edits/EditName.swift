import Datasets
import Lessons
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// What an edit is called: `dense_1: units 16 → 32`, `dense_2 deleted`.
package struct EditName: Hashable, Sendable {
  package var what: String
  package var from: String?
  package var to: String?

  init(_ what: String, _ from: String? = nil, _ to: String? = nil) {
    self.what = what
    self.from = from
    self.to = to
  }

  /// Whether it is a change of one field, whose steps make one edit.
  var isOneField: Bool { from != nil }

  package var text: String {
    guard let from, let to else { return what }
    return "\(what) \(from) → \(to)"
  }

  /// What holds once it is taken back: `12 layers again`, `units 16 again`.
  package var undone: String {
    guard let from else { return what }
    return what == Self.network ? "\(from) again" : "\(what) \(from) again"
  }

  /// What a change of the whole network is called.
  private static let network = "network"
}

extension EditName {
  /// Found from what differs.
  ///
  /// - doing: the name of the binding that ran, for edits of many things at once.
  init(from before: Editable, to after: Editable, doing: String?) {
    let names = Self.all(before, after)
    // Other data may bring another network with it: the data, which comes first, names the edit.
    let isData =
      before.specifications != after.specifications
      || before.workpiece.dataset != after.workpiece.dataset
    // So may another network bring how long it is trained.
    let isNetwork =
      before.workpiece.model != after.workpiece.model
      && before.workpiece.epochs != after.workpiece.epochs
    if names.count == 1 || isData || isNetwork, let first = names.first {
      self = first
    } else {
      self.init(doing ?? "several settings")
    }
  }

  private static func all(_ before: Editable, _ after: Editable) -> [EditName] {
    let (old, new) = (before.workpiece, after.workpiece)
    var names = shapes(before, after)
    if old.dataset != new.dataset, names.isEmpty {
      names.append(
        old.dataset.name == new.dataset.name
          ? EditName("the examples of \(new.dataset.name)")
          : EditName("data", old.dataset.name, new.dataset.name))
    }
    if old.model != new.model { names.append(network(old.model, new.model)) }
    names += settings(old, new)
    if before.rate != after.rate {
      names.append(
        EditName(
          "learning rate", NumberFormat.compact(before.rate, digits: 3),
          NumberFormat.compact(after.rate, digits: 3)))
    }
    names += after.removedRuns.subtracting(before.removedRuns).sorted().map {
      EditName("r\($0) deleted")
    }
    return names + answers(before, after)
  }

  private static func settings(_ old: Workpiece, _ new: Workpiece) -> [EditName] {
    func field(_ name: String, _ isChanged: Bool, _ text: (Workpiece) -> String) -> EditName? {
      isChanged ? EditName(name, text(old), text(new)) : nil
    }
    return [
      field("batch size", old.batchSize != new.batchSize) { NumberFormat.integer($0.batchSize) },
      field("epochs", old.epochs != new.epochs) { NumberFormat.integer($0.epochs) },
      field("seed", old.seed != new.seed) { String($0.seed) },
      field("shuffle", old.shuffles != new.shuffles) { $0.shuffles ? "every epoch" : "never" },
      field(
        "unseen part", old.preparation.unseenShare != new.preparation.unseenShare
      ) { NumberFormat.percent($0.preparation.unseenShare, decimals: 0) },
      field(
        "standardize", old.preparation.standardizes != new.preparation.standardizes
      ) { $0.preparation.standardizes ? "yes" : "no" },
    ].compactMap(\.self)
  }

  // MARK: Lessons

  private static func answers(_ before: Editable, _ after: Editable) -> [EditName] {
    after.answersChanged(since: before).flatMap { lesson, ids in
      ids.map { id -> EditName in
        // Choices are kept by number and named by letter.
        func shown(_ state: Editable) -> String {
          guard let answer = state.progress[lesson]?.answers[id] else { return "none" }
          guard after.choices.contains(id), let number = Int(answer) else { return answer }
          return Ask.letter(number - 1)
        }
        return EditName("answer", shown(before), shown(after))
      }
    }
  }

  // MARK: Data

  /// What was changed about a data set: `spiral: noise 0.1 → 0.2`.
  private static func shapes(_ before: Editable, _ after: Editable) -> [EditName] {
    guard before.specifications != after.specifications else { return [] }
    let names = Set(before.specifications.keys).union(after.specifications.keys).sorted()
    return names.flatMap { name in
      shape(
        name, before.specifications[name] ?? DataSpecification(name),
        after.specifications[name] ?? DataSpecification(name))
    }
  }

  private static func shape(
    _ name: String, _ old: DataSpecification, _ new: DataSpecification
  ) -> [EditName] {
    guard old != new else { return [] }
    let keys = Set(old.settings.keys).union(new.settings.keys)
      .filter { old.settings[$0] != new.settings[$0] }
    let (a, b) = (old.options, new.options)
    func percent(_ share: Double) -> String { NumberFormat.percent(share, decimals: 0) }
    var all = keys.sorted().map { key in
      EditName(
        "\(name): \(key)", old.settings[key].map(Axis.label) ?? "standard",
        new.settings[key].map(Axis.label) ?? "standard")
    }
    if a.seed != b.seed { all.append(EditName("\(name): seed", "\(a.seed)", "\(b.seed)")) }
    if a.labelNoise != b.labelNoise {
      all.append(EditName("\(name): label noise", percent(a.labelNoise), percent(b.labelNoise)))
    }
    if a.outliers != b.outliers {
      all.append(EditName("\(name): outliers", percent(a.outliers), percent(b.outliers)))
    }
    if a.features != b.features { all.append(EditName("\(name): inputs")) }
    if a.balance != b.balance { all.append(EditName("\(name): balance of classes")) }
    return all.count == 1 ? all : [EditName("\(name): all that is done to it")]
  }
}

// MARK: - Networks

extension EditName {
  private static func network(_ old: ModelDescription, _ new: ModelDescription) -> EditName {
    let names = [
      old.layers == new.layers ? nil : layers(old, new),
      old.inputShape == new.inputShape
        ? nil
        : EditName(
          "input shape", old.inputShape?.description ?? "none",
          new.inputShape?.description ?? "none"),
      old.compilation == new.compilation ? nil : compilation(old.compilation, new.compilation),
    ].compactMap(\.self)
    if names.count == 1 { return names[0] }
    // A layer that comes or goes says more than both networks from end to end.
    if old.layers.count != new.layers.count, let layer = layers(old, new) { return layer }
    let whole = EditName(Self.network, old.summary, new.summary)
    if whole.text.count <= 60 { return whole }
    return old.layers.count == new.layers.count
      ? EditName("what flows where")
      : EditName(Self.network, "\(old.layers.count) layers", "\(new.layers.count)")
  }

  private static func layers(_ old: ModelDescription, _ new: ModelDescription) -> EditName? {
    let (before, after) = (old.layers, new.layers)
    let start = zip(before, after).prefix { $0 == $1 }.count
    switch after.count - before.count {
    case 1 where Array(after.dropFirst(start + 1)) == Array(before.dropFirst(start)):
      return EditName("\(new.layerNames[start]) added")
    case -1 where Array(before.dropFirst(start + 1)) == Array(after.dropFirst(start)):
      return EditName("\(old.layerNames[start]) deleted")
    case 0:
      let places = before.indices.filter { before[$0] != after[$0] }
      if places.count == 1 {
        return component(old.layerNames[places[0]], before[places[0]], after[places[0]])
      }
      if places.count == 2, before[places[0]] == after[places[1]],
        before[places[1]] == after[places[0]]
      {
        return EditName("\(old.layerNames[places[0]]) moved")
      }
    default: break
    }
    return nil
  }

  /// What differs between two components of one place.
  private static func component(_ name: String, _ old: Component, _ new: Component) -> EditName {
    guard old.kind == new.kind else { return EditName(name, old.kind, new.kind) }
    let changed = old.arguments.specs.filter { old.arguments[$0.name] != new.arguments[$0.name] }
    guard changed.count == 1 else { return EditName("\(name) changed") }
    let field = changed[0].name
    return EditName(
      "\(name): \(field.replacing("_", with: " "))", SettingText.value(old.arguments[field]),
      SettingText.value(new.arguments[field]))
  }

  private static func compilation(_ old: Compilation?, _ new: Compilation?) -> EditName {
    guard let old, let new else { return EditName("compile") }
    if old.optimizer != new.optimizer, old.outputs == new.outputs {
      return component(
        old.optimizer.kind == new.optimizer.kind ? old.optimizer.kind : "optimizer",
        old.optimizer, new.optimizer)
    }
    if old.optimizer == new.optimizer, old.loss.kind != new.loss.kind {
      return EditName("loss", old.loss.kind, new.loss.kind)
    }
    return old.optimizer == new.optimizer ? EditName("metrics") : EditName("compile")
  }
}
