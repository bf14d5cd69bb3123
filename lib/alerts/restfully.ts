/** Goes through long work with a rest at each of its steps, so that others are answered meanwhile. */
export function restfully<T>(parts: Generator<undefined, T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const next = () => {
      try {
        const { done, value } = parts.next();
        if (done) resolve(value);
        else setImmediate(next);
      } catch (error) {
        reject(error);
      }
    };
    next();
  });
}
