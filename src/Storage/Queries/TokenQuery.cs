namespace OpenAIProxy.Storage.Queries;

/// <summary>Sorts by name (the default), createdAt or expiresAt; searches names and organisers.</summary>
public sealed record TokenQuery : PageQuery;
