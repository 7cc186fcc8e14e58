namespace DtsMigrate.MySql.Binlog.Events;

/// <summary>An event with no effect on data: marked ignorable, or of a kind known to carry none (STOP, VIEW_CHANGE, TRANSACTION_CONTEXT ...).</summary>
public sealed class IgnorableEvent : BinlogEvent;
