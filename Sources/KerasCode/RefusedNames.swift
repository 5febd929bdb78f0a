/// Names of Python and its libraries that the lab does not have, with what does the same here.
enum RefusedNames {
  private static let advices: [String: String] = [
    "GradientTape":
      "train with model.fit(x, y), or step by step with model.train_on_batch(x, y)",
    "open":
      "files are read by np.load(…) and pd.read_csv(…), and written by np.save(…), np.savez(…) and model.save_weights(…)",
    "eval": "write the expression itself", "exec": "write the statements themselves",
    "compile": "write the statements themselves", "input": "give the value in the program",
    "__import__": "import it by name", "globals": "use a dict of your own",
    "locals": "use a dict of your own", "breakpoint": "use backstep debug",
    "Dataset": "give fit the arrays themselves: model.fit(x, y, batch_size=32)",
    "apply_gradients": "train with model.fit(x, y) or model.train_on_batch(x, y)",
    "TensorBoard": "the lab keeps a record of each run; backstep export --to tensorboard writes it",
    "fit_generator": "model.fit(x, y) takes the data themselves",
    "reset_states":
      "for layer in model.layers: if hasattr(layer, \"reset_states\"): layer.reset_states()",
    "reset_state":
      "for layer in model.layers: if hasattr(layer, \"reset_state\"): layer.reset_state()",
    "export": "backstep export writes the network and its weights for other programs",
    "to_json": "print(model.summary()), or backstep export --to keras-code",
    "save_model": "model.save_weights(\"model.weights.safetensors\") keeps the weights",
    "savetxt": "np.save and np.savez write arrays",
    "RemoteMonitor": "a program of the lab reaches no network",
    "BackupAndRestore": "the lab keeps a record of each run",
    "Variable": "in a layer, self.add_weight(…) makes one",
    "complex": "complex numbers are not understood", "bytes": "byte strings are not understood",
    "memoryview": "byte strings are not understood",
    "system": "a program of the lab starts no other",
    "popen": "a program of the lab starts no other",
    "remove": "a program of the lab deletes no file",
    "rmtree": "a program of the lab deletes no file",
  ]

  /// What tutorials call data that they loaded further up.
  private static let data: Set<String> = [
    "x_train", "y_train", "x_test", "y_test", "x_val", "y_val", "X_train", "X_test", "X_val",
    "train_images", "train_labels", "test_images", "test_labels", "train_data", "test_data",
  ]

  private static let modules: [String: String] = [
    "torch": "the lab understands Keras: from keras import layers",
    "subprocess": "a program of the lab starts no other",
    "requests": "a program of the lab reaches no network",
    "urllib": "a program of the lab reaches no network",
    "socket": "a program of the lab reaches no network",
    "threading": "the lab runs one thing after the other",
    "multiprocessing": "the lab runs one thing after the other",
    "asyncio": "the lab runs one thing after the other",
    "pickle": "np.save and model.save_weights write what is to be kept",
    "json": "print what is to be kept",
    "shutil": "a program of the lab moves no file", "pathlib": "write file names as texts",
    "re": "use the methods of strings", "cv2": "load images as arrays: np.load(\"images.npz\")",
    "PIL": "load images as arrays: np.load(\"images.npz\")",
    "tensorflow_datasets": "load data as arrays: np.load(\"data.npz\")",
    "jax": "the lab understands Keras: from keras import layers",
  ]

  static func advice(for name: String) -> String? {
    advices[name]
      ?? (data.contains(name)
        ? "load the data further up; a network for the lab's own data needs no line with them"
        : nil)
  }
  static func advice(forModule name: String) -> String? { modules[name] }
}
