import KerasCode
import NeuralNets
import Training

extension RunCallbacks {
  /// What the `fit` of a program is watched by, as far as a run that one travels in heeds it; of the
  /// rest it is said where they work.
  package init(_ file: ModelFile) {
    self.init()
    for watcher in file.fit?.options.watchers ?? [] {
      switch watcher {
      case .component(let component) where Self.heededKinds.contains(component.kind):
        components.append(component)
      case .component(let component):
        leave(component.kind, "it writes files")
      case .program(let callback) where callback.kind == "LearningRateScheduler":
        rates = file.scheduledRates
        if rates.isEmpty { leave(callback.kind, "its schedule gives no rates beforehand") }
      case .program(let callback):
        leave(callback.typeName, "its code is the program's own")
      }
    }
  }

  private mutating func leave(_ kind: String, _ why: String) {
    left.append(
      "the callback \(kind) does nothing here, as \(why); backstep run \(Self.example) has it")
  }

  private static let example = "FILE.py"
}
