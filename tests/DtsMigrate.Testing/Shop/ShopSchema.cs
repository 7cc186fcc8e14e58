using DtsMigrate.MySql.Session;

namespace DtsMigrate.Testing.Shop;

/// <summary>
/// A sample shop of a dozen tables: auto-increment, composite, string, binary and temporal keys, a table without a key, all common types, foreign keys.
/// </summary>
public static class ShopSchema
{
    /// <summary>Statements that create the tables, parents first.</summary>
    public static IReadOnlyList<string> CreateStatements { get; } =
    [
        """
        CREATE TABLE category (
          id SMALLINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, parent_id SMALLINT UNSIGNED NULL, name VARCHAR(80) NOT NULL,
          UNIQUE KEY name (name), CONSTRAINT category_parent FOREIGN KEY (parent_id) REFERENCES category (id)
        ) DEFAULT CHARSET=utf8mb4 COMMENT='a tree; it''s "self"-referencing'
        """,
        """
        CREATE TABLE customer (
          id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, email VARCHAR(120) NOT NULL, name VARCHAR(80) NOT NULL, city VARCHAR(60) CHARACTER SET latin1 NULL,
          born DATE NULL, credit DECIMAL(14,4) NOT NULL DEFAULT 0, flags BIT(12) NOT NULL DEFAULT b'0', level ENUM('basic','silver','gold','') NOT NULL DEFAULT 'basic',
          created TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3), email_domain VARCHAR(120) GENERATED ALWAYS AS (SUBSTRING_INDEX(email, '@', -1)) STORED,
          UNIQUE KEY email (email), KEY city (city, level)
        ) DEFAULT CHARSET=utf8mb4
        """,
        """
        CREATE TABLE address (
          customer_id BIGINT UNSIGNED NOT NULL, kind ENUM('bill','ship') NOT NULL, street VARCHAR(120) NOT NULL, zip CHAR(8) NOT NULL,
          PRIMARY KEY (customer_id, kind), CONSTRAINT address_customer FOREIGN KEY (customer_id) REFERENCES customer (id) ON DELETE CASCADE
        ) DEFAULT CHARSET=utf8mb4
        """,
        """
        CREATE TABLE product (
          sku VARCHAR(24) NOT NULL PRIMARY KEY, category_id SMALLINT UNSIGNED NOT NULL, title VARCHAR(120) NOT NULL, description MEDIUMTEXT NULL, attributes JSON NULL,
          weight FLOAT NULL, volume DOUBLE NULL, picture BLOB NULL, tags SET('new','sale','eco','bulk') NOT NULL DEFAULT '',
          CONSTRAINT product_category FOREIGN KEY (category_id) REFERENCES category (id)
        ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci
        """,
        """
        CREATE TABLE price (
          sku VARCHAR(24) NOT NULL, currency CHAR(3) CHARACTER SET ascii NOT NULL, valid_from DATE NOT NULL, amount DECIMAL(20,6) NOT NULL,
          PRIMARY KEY (sku, currency, valid_from), CONSTRAINT price_product FOREIGN KEY (sku) REFERENCES product (sku) ON DELETE CASCADE
        ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci
        """,
        """
        CREATE TABLE stock (
          warehouse SMALLINT NOT NULL, sku VARCHAR(24) NOT NULL, quantity INT NOT NULL, shelf VARCHAR(24) NULL, PRIMARY KEY (warehouse, sku), UNIQUE KEY shelf (warehouse, shelf)
        ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci
        """,
        """
        CREATE TABLE `order` (
          id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, customer_id BIGINT UNSIGNED NOT NULL, placed DATETIME(6) NOT NULL, status TINYINT NOT NULL DEFAULT 0, note TEXT NULL,
          total DECIMAL(12,2) NOT NULL DEFAULT 0, KEY placed (placed), CONSTRAINT order_customer FOREIGN KEY (customer_id) REFERENCES customer (id)
        ) DEFAULT CHARSET=utf8mb4
        """,
        """
        CREATE TABLE order_item (
          order_id BIGINT NOT NULL, line SMALLINT NOT NULL, sku VARCHAR(24) NOT NULL, quantity MEDIUMINT UNSIGNED NOT NULL, price DECIMAL(12,2) NOT NULL,
          amount DECIMAL(16,2) GENERATED ALWAYS AS (quantity * price) VIRTUAL, PRIMARY KEY (order_id, line), KEY sku (sku),
          CONSTRAINT item_order FOREIGN KEY (order_id) REFERENCES `order` (id) ON DELETE CASCADE
        ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci
        """,
        """
        CREATE TABLE payment (
          id BINARY(16) NOT NULL PRIMARY KEY, order_id BIGINT NOT NULL, amount DECIMAL(30,10) NOT NULL, paid DATETIME NULL, method VARCHAR(20) NOT NULL, KEY order_id (order_id)
        ) DEFAULT CHARSET=utf8mb4
        """,
        """
        CREATE TABLE review (
          id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, sku VARCHAR(24) NOT NULL, stars TINYINT UNSIGNED NOT NULL, body LONGTEXT NULL, meta JSON NULL, spent TIME(2) NULL, y YEAR NULL,
          place POINT NULL, KEY sku (sku), FULLTEXT KEY body (body)
        ) DEFAULT CHARSET=utf8mb4
        """,
        """
        CREATE TABLE visit (
          at DATETIME(6) NOT NULL, ip VARBINARY(16) NOT NULL, page VARCHAR(200) NOT NULL, ms INT NULL, PRIMARY KEY (at, ip)
        ) DEFAULT CHARSET=utf8mb4
        """,
        """
        CREATE TABLE audit (
          at TIMESTAMP(6) NULL, who VARCHAR(40) NULL, what VARCHAR(200) NULL, cost FLOAT NULL, doc JSON NULL
        ) DEFAULT CHARSET=utf8mb4 COMMENT='no key: duplicates are legal'
        """,
        """
        CREATE TABLE setting (
          `the key` VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY, `a``value` VARBINARY(400) NULL, changed DATETIME NULL
        ) DEFAULT CHARSET=utf8mb4
        """,
    ];

    /// <summary>Creates the database and fills it with about <paramref name="rows"/> rows, past the binary log. Leaves the session with settings of its own.</summary>
    /// <returns>Rows inserted.</returns>
    public static async Task<long> CreateAsync(MySqlSession session, string database, long rows, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync($"CREATE DATABASE {SqlText.Name(database)} DEFAULT CHARACTER SET utf8mb4", cancellationToken);
        await session.ExecuteAsync($"USE {SqlText.Name(database)}", cancellationToken);
        await session.ExecuteAsync("SET SESSION sql_log_bin = 0, foreign_key_checks = 0, unique_checks = 0, sql_mode = 'STRICT_ALL_TABLES'", cancellationToken);
        foreach (string statement in CreateStatements)
        {
            await session.ExecuteAsync(statement, cancellationToken);
        }

        ulong inserted = 0;
        foreach ((double share, string sql) in FillStatements)
        {
            long count = Math.Max(4, (long)(rows * share));
            const long Step = 50_000;
            for (long from = 1; from <= count; from += Step)
            {
                long to = Math.Min(count, from + Step - 1);
                inserted += (await session.ExecuteAsync(sql.Replace("FROM s", "FROM " + NumberTable.Between(from, to, "s"), StringComparison.Ordinal), cancellationToken)).AffectedRows;
            }
        }

        return (long)inserted;
    }

    private static IReadOnlyList<(double Share, string Sql)> FillStatements { get; } =
    [
        (0.0004, "INSERT INTO category SELECT n, IF(n < 10, NULL, n DIV 10), CONCAT('Category ', n) FROM s WHERE n < 65000"),
        (0.10, "INSERT INTO customer (id, email, name, city, born, credit, flags, level, created) SELECT n, CONCAT('c', n, '@', ELT(1 + n % 3, 'example.com', 'example.org', 'bücher.example')), CONCAT('Näme ', CONV(n, 10, 36), ELT(1 + n % 4, '', ' 李', ' 😀', ' ''o''')), ELT(1 + n % 5, 'Köln', 'Paris', NULL, 'Malmö', ''), IF(n % 11, '1970-01-01' + INTERVAL n % 15000 DAY, NULL), n / 7, n % 4096, 1 + n % 4, '2020-01-01' + INTERVAL n SECOND FROM s"),
        (0.10, "INSERT INTO address SELECT n, 1 + n % 2, CONCAT('Street ', n), LPAD(n, 8, '0') FROM s"),
        (0.04, "INSERT INTO product SELECT CONCAT(ELT(1 + n % 2, 'sku-', 'SKU.'), n), 1 + n % 9, CONCAT('Title\\t', n), IF(n % 3, REPEAT(CONCAT('text ', n, '\\n'), 1 + n % 40), NULL), JSON_OBJECT('n', n, 'deep', JSON_ARRAY(n / 3, TRUE, NULL, 'ü\"\\\\')), n / 3, n / 7e5, IF(n % 5, UNHEX(SHA2(n, 512)), NULL), n % 16 FROM s"),
        (0.08, "INSERT INTO price SELECT CONCAT(ELT(1 + n % 2, 'sku-', 'SKU.'), n), ELT(1 + n % 3, 'EUR', 'USD', 'CNY'), '2024-01-01' + INTERVAL n % 700 DAY, n * 1.234567 FROM s"),
        (0.08, "INSERT INTO stock SELECT n % 7, CONCAT(ELT(1 + n % 2, 'sku-', 'SKU.'), n), n % 1000, IF(n % 4, CONCAT('S', n), NULL) FROM s"),
        (0.12, "INSERT INTO `order` SELECT n, 1 + n % 400, '2023-05-06 07:08:09.123456' + INTERVAL n MICROSECOND, n % 6, IF(n % 10, NULL, CONCAT('note\\\\', n)), n / 4 FROM s"),
        (0.246, "INSERT INTO order_item (order_id, line, sku, quantity, price) SELECT 1 + n DIV 3, n % 3, CONCAT('sku-', n), n % 90, n / 100 FROM s"),
        (0.08, "INSERT INTO payment SELECT UNHEX(LEFT(SHA2(n, 256), 32)), n, n * 1.0000000001, IF(n % 9, '2023-05-06' + INTERVAL n SECOND, NULL), ELT(1 + n % 2, 'card', 'bank') FROM s"),
        (0.06, "INSERT INTO review SELECT n, CONCAT('sku-', n), n % 6, REPEAT(CONCAT('good ', n, ' '), n % 20), IF(n % 2, JSON_ARRAY(n, n / 10e0, 'x'), NULL), SEC_TO_TIME(n / 100 - 3000), 1901 + n % 250, ST_GeomFromText(CONCAT('POINT(', n % 90, ' ', n % 80, ')')) FROM s"),
        (0.08, "INSERT INTO visit SELECT '2024-02-29 00:00:00' + INTERVAL n * 1000 MICROSECOND, INET6_ATON(CONCAT('2001:db8::', HEX(n % 65535))), CONCAT('/p/', n), n % 5000 FROM s"),
        (0.004, "INSERT INTO audit SELECT '2024-03-01' + INTERVAL n % 50 SECOND, CONCAT('user', n % 9), IF(n % 7, 'login', NULL), n / 3, IF(n % 3, JSON_OBJECT('a', n % 4), NULL) FROM s"),
        (0.0100, "INSERT INTO setting SELECT CONCAT(IF(n % 2, 'Key ', 'key '), n), UNHEX(SHA2(n, 256)), '2024-01-01' + INTERVAL n MINUTE FROM s"),
    ];
}
