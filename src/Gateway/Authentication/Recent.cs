namespace OpenAIProxy.Gateway.Authentication;

/// <summary>
/// Remembers something of each key, however many keys are made up: beyond the bound those go that nothing was put for for longest, half of all at
/// once, so that no clean-up has to walk through them. For one thread.
/// </summary>
/// <param name="most">How many keys are kept; at least 2.</param>
internal sealed class Recent<TKey, TValue>(int most)
    where TKey : notnull
{
    private Dictionary<TKey, TValue> newer = [];
    private Dictionary<TKey, TValue> older = [];

    public bool TryGet(TKey key, out TValue? value) => newer.TryGetValue(key, out value) || older.TryGetValue(key, out value);

    public void Put(TKey key, TValue value)
    {
        if (newer.Count >= most / 2 && !newer.ContainsKey(key))
        {
            (newer, older) = (older, newer);
            newer.Clear();
        }
        newer[key] = value;
    }
}
