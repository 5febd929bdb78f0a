import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// What a change on Data can be taken back to.
struct DataVersion: Sendable {
  let name: String
  let specifications: [String: DataSpecification]
  let drawing: Drawing?
  let dataset: Dataset
  let preparation: DataPreparation
  /// The network, which a data set that does not fit it replaces.
  let model: ModelDescription
  let epochs: Int

  init(of state: AppState) {
    name = state.data.name
    specifications = state.data.specifications
    drawing = state.data.drawing
    dataset = state.workpiece.dataset
    preparation = state.workpiece.preparation
    model = state.workpiece.model
    epochs = state.workpiece.epochs
  }
}

extension AppState {
  private static let mostVersions = 100

  /// Keeps what was before a change.
  mutating func remember(_ version: DataVersion) {
    data.past.append(version)
    if data.past.count > Self.mostVersions { data.past.removeFirst() }
    data.future = []
  }

  /// Keeps what is now, before it is changed.
  mutating func rememberData() { remember(DataVersion(of: self)) }

  /// Takes the last change back.
  mutating func undoData() -> [Effect] {
    guard let last = data.past.popLast() else { return [] }
    data.future.append(DataVersion(of: self))
    return restore(last)
  }

  /// Makes again what was taken back.
  mutating func redoData() -> [Effect] {
    guard let next = data.future.popLast() else { return [] }
    data.past.append(DataVersion(of: self))
    return restore(next)
  }

  private mutating func restore(_ version: DataVersion) -> [Effect] {
    let isOther =
      version.name != data.name
      || version.specifications[version.name] != data.specifications[version.name]
    data.specifications = version.specifications
    workpiece.preparation = version.preparation
    if workpiece.dataset != version.dataset {
      workpiece.dataset = version.dataset
      // The network goes back only with data that this one does not fit.
      if !DataUse.fits(workpiece.model, version.dataset) {
        workpiece.model = version.model
        workpiece.epochs = version.epochs
      }
    }
    if version.name != data.name {
      showData(named: version.name)
      data.list.select(
        listedData.firstIndex { $0.name == version.name } ?? 0, count: listedData.count)
    } else if isOther {
      loadData()
    } else if let preview = data.preview {
      data.preview = DataPreview(preview, workpiece.preparation)
    }
    data.drawing = version.drawing
    return [.lab(.look(interest))]
  }
}
