namespace DtsMigrate.Engine.Assessment;

/// <summary>One finding of the migration assessment, flat for pipelines.</summary>
/// <param name="Task">Task.</param>
/// <param name="Item">Stable code of the item, for example <c>ReservedWords</c>.</param>
/// <param name="Severity">Information, Deprecated, Incompatible.</param>
/// <param name="Target">Object concerned, or the first of several.</param>
/// <param name="Message">What was found.</param>
/// <param name="Recommendation">What to do; null where nothing is to be done.</param>
public sealed record AssessmentItem(string Task, string Item, string Severity, string Target, string Message, string? Recommendation);
