import Datasets
import NeuralNets
import Tensors
import TerminalGraphics

/// Whether an edit gives a network, and what it gives at its place.
enum EditTrial: Hashable, Sendable {
  case fits(String)
  case fails(String)

  var fits: Bool {
    if case .fits = self { true } else { false }
  }

  /// In a list: the shape, or a cross and the reason.
  var detail: String {
    switch self {
    case .fits(let shape): "gives \(shape)"
    case .fails(let reason): "× \(reason)"
    }
  }
}

/// One line of a list of edits: what it is called, whether it works, what it does.
struct EditChoice: Sendable {
  let label: String
  let trial: EditTrial
  /// What is said when it is done.
  var words = ""
  let edit: @Sendable (GraphEdits) throws -> GraphEdits.Outcome
}

/// Branches, merges, skip connections, further inputs and outputs.
extension AppState {
  /// Tries an edit: the shape of what it was about, or why it makes no network.
  private func trial(_ edit: (GraphEdits) throws -> GraphEdits.Outcome) -> EditTrial {
    do {
      let outcome = try edit(try graphEdits())
      let blueprint = Blueprint(outcome.model, dataShape: workpiece.dataset.exampleShape)
      if let failure = blueprint.failure { return .fails("\(failure.name) \(failure.problem)") }
      let shape = outcome.call.flatMap { blueprint.shape(of: .call($0)) } ?? blueprint.outputShape
      return .fits(shape?.tuple ?? "")
    } catch { return .fails("\(error)") }
  }

  /// Opens a list of edits, those that fit first; one that does not says why. Where none fits there
  /// is nothing to choose, and the reasons are there to read.
  private mutating func offer(_ title: String, _ choices: [EditChoice], none: String) {
    guard !choices.isEmpty else { return say(none, .warning) }
    guard choices.contains(where: \.trial.fits) else {
      let reasons = choices.flatMap { choice in
        StyledText.text("\(choice.label)  \(choice.trial.detail)").wrapped(to: size.width - 10)
          .map { $0.runs.map(\.text).joined() }
      }
      overlay = .reader(Reader("Nothing to choose: \(title)", reasons))
      return
    }
    let sorted = choices.filter(\.trial.fits) + choices.filter { !$0.trial.fits }
    overlay = .menu(
      Menu(title, sorted.map { (label: $0.label, detail: $0.trial.detail) }) { index, state in
        let choice = sorted[index]
        if case .fails(let reason) = choice.trial {
          state.say("not done: \(reason)", .warning)
        } else {
          state.apply(choice.words, choice.edit)
        }
        return []
      })
  }

  /// Every merge of the catalog, the usual ones first.
  private static var merges: [Component] {
    let usual = ["Add", "Concatenate", "Multiply", "Average", "Subtract"]
    let kinds = LayerCatalog.all.map { $0.kind }
    let all = usual.filter(kinds.contains) + kinds.filter { !usual.contains($0) }
    return all.compactMap { Component.standard($0) }.filter(\.isMerging)
  }

  private static func merge(_ kind: String) -> Component { .standard(kind) ?? .known("Add") }

  // MARK: Branch

  /// A new way from the chosen place: first its layer, then where it joins.
  mutating func offerBranch() {
    let source = chosenSource
    let blueprint = Blueprint(workpiece)
    offerKinds(
      "A branch from \(blueprint.name(of: source)): its first layer",
      rank: blueprint.shape(of: source)?.rank
    ) { layer, state in state.offerJoin(layer, from: source) }
  }

  private mutating func offerJoin(_ layer: Component, from source: Wiring.Source) {
    guard let edits = try? graphEdits() else { return }
    let blueprint = Blueprint(workpiece)
    // A branch joins later layers; those right behind it come first.
    let above = source.call.map { call in
      Set(edits.calls.indices.filter { edits.depends(call, on: $0) && $0 != call })
    }
    let targets = edits.calls.indices.filter { !(above?.contains($0) ?? false) }
    var choices: [EditChoice] = []
    for target in targets {
      for kind in ["Add", "Concatenate"] {
        let merge = Self.merge(kind)
        let edit: @Sendable (GraphEdits) throws -> GraphEdits.Outcome = {
          try $0.branching(layer, from: source, joining: .call(target), by: merge)
        }
        let name = blueprint.names[edits.calls[target].layer]
        choices.append(
          EditChoice(
            label: kind == "Add" ? "added to \(name)" : "laid beside \(name)",
            trial: merged(merge, edit), edit: edit))
      }
    }
    let edit: @Sendable (GraphEdits) throws -> GraphEdits.Outcome = {
      try $0.branching(layer, from: source, joining: nil, by: .known("Add"))
    }
    choices.append(EditChoice(label: "an output of its own", trial: trial(edit), edit: edit))
    offer("Where the branch with \(layer.kind) joins", choices, none: "")
  }

  /// As a trial, but with what the merge gives instead of the branch.
  private func merged(
    _ merge: Component, _ edit: (GraphEdits) throws -> GraphEdits.Outcome
  ) -> EditTrial {
    trial {
      let outcome = try edit($0)
      guard let call = outcome.call,
        let meeting = outcome.model.wiring?.calls.firstIndex(where: {
          $0.inputs.contains(.call(call))
        })
      else { return outcome }
      return GraphEdits.Outcome(outcome, choosing: meeting)
    }
  }

  // MARK: Skip and merge

  /// A short way from the chosen place past later layers.
  mutating func offerSkip() {
    let source = chosenSource
    guard let edits = try? graphEdits() else { return }
    let blueprint = Blueprint(workpiece)
    let name = blueprint.name(of: source)
    let later = edits.calls.indices.filter { call in
      switch source {
      case .call(let from, _): call != from && edits.depends(call, on: from)
      default: !edits.calls[call].inputs.isEmpty
      }
    }
    var choices: [EditChoice] = []
    for call in later {
      let target = blueprint.names[edits.calls[call].layer]
      let through = projection(from: source, to: .call(call), blueprint)
      let add: @Sendable (GraphEdits) throws -> GraphEdits.Outcome = {
        try $0.merging([source, .call(call)], by: Self.merge("Add"), through: through)
      }
      let on = through.map { " over " + KerasSource.call($0) } ?? ""
      choices.append(
        EditChoice(label: "added to \(target)\(on)", trial: trial(add), edit: add))
      let beside: @Sendable (GraphEdits) throws -> GraphEdits.Outcome = {
        try $0.merging([source, .call(call)], by: Self.merge("Concatenate"))
      }
      choices.append(
        EditChoice(label: "laid beside \(target)", trial: trial(beside), edit: beside))
    }
    offer(
      "A skip connection from \(name)", choices,
      none: "nothing comes after \(name): choose an earlier layer")
  }

  /// A layer that brings one source to the shape of another, where one does; nil where they agree.
  private func projection(
    from source: Wiring.Source, to target: Wiring.Source, _ blueprint: Blueprint
  ) -> Component? {
    guard let here = blueprint.shape(of: source), let there = blueprint.shape(of: target),
      here != there, here.rank == there.rank, here.extents.dropLast() == there.extents.dropLast()
    else { return nil }
    if here.rank == 3 {
      return .known(
        "Conv2D", [("filters", .integer(there.last)), ("kernel_size", .integers([1, 1]))])
    }
    return .known("Dense", [("units", .integer(there.last))])
  }

  /// The chosen place merged with another: first which, then how.
  mutating func offerMerge() {
    let source = chosenSource
    guard let edits = try? graphEdits() else { return }
    let blueprint = Blueprint(workpiece)
    let own = blueprint.shape(of: source)
    let others = edits.sources.filter { $0 != source }
    guard !others.isEmpty else {
      return say("there is nothing else to merge with: b starts a branch", .warning)
    }
    let name = blueprint.name(of: source)
    overlay = .menu(
      Menu(
        "Merge \(name) with",
        others.map { other in
          let shape = blueprint.shape(of: other)
          let words = shape == own ? "the same shape" : "another shape than \(own?.tuple ?? "?")"
          return (blueprint.name(of: other), "\(shape?.tuple ?? "?") · \(words)")
        }
      ) { index, state in
        let pair = [source, others[index]]
        state.offer(
          "\(name) and \(blueprint.name(of: others[index])): merge how",
          Self.merges.map { merge in
            let edit: @Sendable (GraphEdits) throws -> GraphEdits.Outcome = {
              try $0.merging(pair, by: merge)
            }
            return EditChoice(label: merge.kind, trial: state.trial(edit), edit: edit)
          }, none: "")
        return []
      })
  }

  // MARK: Rewiring

  /// Lets the chosen layer take its numbers from elsewhere.
  mutating func offerRewiring() {
    guard let call = chosenCall, let edits = try? graphEdits() else { return }
    let inputs = edits.calls[call].inputs
    guard inputs.count > 1 else { return offerSources(call, input: 0) }
    let blueprint = Blueprint(workpiece)
    overlay = .menu(
      Menu(
        "Which input of \(blueprint.names[edits.calls[call].layer])",
        inputs.map {
          ("from \(blueprint.name(of: $0))", blueprint.shape(of: $0)?.tuple ?? "")
        }
      ) { index, state in
        state.offerSources(call, input: index)
        return []
      })
  }

  private mutating func offerSources(_ call: Int, input: Int) {
    guard let edits = try? graphEdits() else { return }
    let blueprint = Blueprint(workpiece)
    let name = blueprint.names[edits.calls[call].layer]
    let current =
      edits.calls[call].inputs.indices.contains(input) ? edits.calls[call].inputs[input] : nil
    let choices = edits.sources.filter { $0 != .call(call) && $0 != current }.map { source in
      let edit: @Sendable (GraphEdits) throws -> GraphEdits.Outcome = {
        try $0.rewiring(call, input: input, to: source)
      }
      let shape = blueprint.shape(of: source)?.tuple ?? ""
      return EditChoice(
        label: "\(blueprint.name(of: source)) \(shape)", trial: trial(edit), edit: edit)
    }
    offer(
      "\(name) takes its numbers from", choices,
      none: "there is no other place: b starts a branch")
  }

  // MARK: All of them

  /// Everything that changes what flows where, in one list.
  mutating func offerGraphEdits() {
    let blueprint = Blueprint(workpiece)
    let name = blueprint.name(of: chosenSource)
    let call = chosenCall
    let source = chosenSource
    let shape = blueprint.inputShape
    let beside = Self.merge("Concatenate")
    typealias Entry = (label: String, detail: String, perform: @Sendable (inout AppState) -> Void)
    var entries: [Entry] = [
      ("b  branch", "a new way from \(name) that joins later", { $0.offerBranch() }),
      ("S  skip connection", "a short way from \(name) past layers", { $0.offerSkip() }),
      ("m  merge", "\(name) with another layer: Add, Concatenate, …", { $0.offerMerge() }),
    ]
    func entry(
      _ label: String, _ detail: String,
      _ edit: @escaping @Sendable (GraphEdits) throws -> GraphEdits.Outcome
    ) -> Entry {
      let perform: @Sendable (inout AppState) -> Void = { state in state.apply("", edit) }
      return (label, detail, perform)
    }
    if let call {
      entries.append(
        ("r  rewire", "what \(name) takes comes from elsewhere", { $0.offerRewiring() }))
      entries += [
        entry("   share", "\(name) once more right after it, with the same weights") {
          try $0.sharing(call, after: .call(call))
        },
        entry("   output", "what \(name) gives becomes an output too") {
          try $0.addingOutput(call)
        },
        entry("   no output", "what \(name) gives is an output no more") {
          try $0.removingOutput(call)
        },
      ]
    }
    entries.append(
      entry("   input", "another input of \(shape.tuple), laid beside \(name)") {
        try $0.addingInput(shape, joining: source, by: beside)
      })
    let all = entries
    overlay = .menu(
      Menu("What flows where", all.map { (label: $0.label, detail: $0.detail) }) { index, state in
        all[index].perform(&state)
        return []
      })
  }
}
