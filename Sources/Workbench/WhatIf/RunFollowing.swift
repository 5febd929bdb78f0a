import Datasets
import NeuralNets
import TerminalGraphics
import Training

// What is set at the prompt acts on the run at hand: what one works on is that from then on, so that
// Build draws it, Settings lists it and Data shows it.

extension AppState {
  /// What one works on is what the run at hand is made of.
  mutating func followRun() {
    guard let settings = lab.settings else { return }
    workpiece.model = settings.model
    workpiece.batchSize = settings.batchSize
    workpiece.epochs = settings.epochs
    workpiece.seed = settings.seed
    workpiece.shuffles = settings.shuffles
    takeProgram(of: settings)
    (workpiece.callbacks, workpiece.initialWeights) = (settings.callbacks, settings.initialWeights)
    follow(settings.data)
    train.opened = workpiece
  }

  /// A program that was loaded is what Build shows from then on.
  mutating func takeProgram(of settings: RunSettings) {
    guard let program = settings.program else { return }
    (workpiece.fileName, workpiece.source) = (program.name, program.text)
  }

  private mutating func follow(_ data: TrainingData) {
    let isNamed = data.name == workpiece.dataset.name
    if isNamed {
      if let preparation = data.preparation { workpiece.preparation = preparation }
      return
    }
    if let preparation = data.preparation, let dataset = try? library.open(data.name) {
      (workpiece.dataset, workpiece.preparation) = (dataset, preparation)
      return
    }
    let opened = OpenedModel(
      model: workpiece.model, data: data, epochs: nil, batchSize: nil, path: data.name, source: "")
    workpiece.dataset = Dataset(of: data, in: opened)
    workpiece.preparation.unseenShare = 0
  }

  /// Says what callbacks did since the last news, and what is to be said of a run that was opened.
  mutating func noteCallbacks(before known: LabSnapshot, isOther: Bool) {
    if isOther, lab.notes != known.notes {
      for note in lab.notes { say(note, .warning) }
    }
    guard !isOther, lab.branches.current?.number == known.branches.current?.number else { return }
    let new = lab.deeds.filter { !known.deeds.contains($0) }
    guard !new.isEmpty else { return }
    say(new.suffix(3).map(\.words).joined(separator: "; "), .good)
  }
}
