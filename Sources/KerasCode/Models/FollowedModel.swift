// Models whose work is a class of the program's own.

extension ModelHandle {
  /// Whether its outputs are not known before it is called.
  var hasOpenOutputs: Bool { kind != nil && !isFunctional && inputShapes == nil }

  /// Takes note of what is known once the function of the class was followed.
  func takeFollowed(_ layer: TracedLayer) throws {
    for part in layer.innerLayers where part.store.home == nil { part.store.home = self }
    outputKeys = layer.outputKeys
    guard layer.trace != nil, let compile = openCompile else { return }
    openCompile = nil
    try compile()
  }
}
