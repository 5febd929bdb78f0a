/// Names of layers where there is little room.
enum LayerNames {
  private static let short = [
    ("batch_normalization", "batch norm"), ("layer_normalization", "layer norm"),
    ("group_normalization", "group norm"), ("rms_normalization", "rms norm"),
    ("unit_normalization", "unit norm"), ("global_max_pooling", "global max"),
    ("global_average_pooling", "global mean"), ("max_pooling", "max pool"),
    ("average_pooling", "mean pool"), ("activity_regularization", "activity"),
    ("spatial_dropout", "sp. dropout"), ("gaussian_dropout", "g. dropout"),
    ("alpha_dropout", "a. dropout"), ("depthwise_conv", "depthw. conv"),
    ("separable_conv", "sep. conv"),
  ]

  /// The name if it fits, else what it is called for short: `max_pooling2d_1` as `max pool 1`.
  static func fitted(_ name: String, width: Int) -> String {
    guard name.count > width, let (long, words) = short.first(where: { name.hasPrefix($0.0) })
    else { return name }
    var rest = name.dropFirst(long.count)
    for dimensions in ["1d", "2d", "3d"] where rest.hasPrefix(dimensions) {
      rest = rest.dropFirst(2)
    }
    return words + rest.replacing("_", with: " ")
  }
}
