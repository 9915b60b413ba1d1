// Layers that must not import a module map it here: a named import from it then fails to compile.
export {};
