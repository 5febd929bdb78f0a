// What Keras calls a weight: by the models and layers in whose work it was made.

extension Evaluator {
  /// Runs what a layer or a model does with others, whose weights are called after it.
  func within<R>(_ name: String, _ body: () throws -> R) rethrows -> R {
    weightScopes.append(name)
    defer { weightScopes.removeLast() }
    return try body()
  }
}

extension GraphLayer {
  /// The path of a weight that lies at a path below the layer: `sequential/dense/kernel`, but
  /// `dense/kernel` in a model between tensors, whose layers were called before there was a model.
  func fullPath(_ path: String) -> String {
    if let end = path.firstIndex(of: "/"),
      let inner = innerLayers.first(where: { $0.layerName == path[..<end] })
    {
      return inner.fullPath(String(path[path.index(after: end)...]))
    }
    return (store.scope + [layerName, path]).joined(separator: "/")
  }
}
