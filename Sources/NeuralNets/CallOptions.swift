/// What the call of a layer says besides its arrays: `use_causal_mask=True`, `training=False`.
package struct CallOptions: Hashable, Sendable {
  /// What each input is, in a call that tells them apart: `query`, `value`, `attention_mask`. Empty
  /// where their order says it.
  package var roles: [String]
  /// The flags that are on.
  package var flags: Set<String>
  /// Whether the layer works as while training; nil where it does what the model does.
  package var isTraining: Bool?

  package init(roles: [String] = [], flags: Set<String> = [], isTraining: Bool? = nil) {
    self.roles = roles
    self.flags = flags
    self.isTraining = isTraining
  }

  package var isEmpty: Bool { self == CallOptions() }
}

/// What the call of a layer takes: `query`, `use_causal_mask`.
package struct CallArgument: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// The array that the layer works on; or a list of arrays, which have these names.
    case inputs([String])
    /// One array.
    case array(isRequired: Bool)
    /// A list of masks, which have these names; None in place of any of them.
    case masks([String])
    /// What a recurrent layer begins with: one array, or a list of them.
    case states
    /// True or False.
    case flag
    /// Whether the layer works as while training.
    case training
  }

  package let name: String
  package let kind: Kind

  package init(_ name: String, _ kind: Kind) {
    self.name = name
    self.kind = kind
  }

  /// Its name when no call goes without it.
  package var requiredName: String? { kind == .array(isRequired: true) ? name : nil }

  static let training = CallArgument("training", .training)

  /// What a layer takes that reads a sequence, from states that it may be given.
  static let ofSequences = [
    CallArgument("sequences", .array(isRequired: true)), CallArgument("initial_state", .states),
    training,
  ]

  /// What a layer takes that has no list of its own.
  package static let ofEveryLayer = [CallArgument("inputs", .inputs([])), training]
}
